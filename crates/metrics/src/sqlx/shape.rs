//! What a statement does, and to which table.

use super::lexer::{Lexer, Token};

/// A statement without its values.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// One of [`OPERATIONS`], or `_OTHER`.
    pub(super) operation: &'static str,
    /// Empty if there is none, several, or a doubt.
    pub(super) table: String,
}

/// A longer statement is not read for its table.
const MAX_BYTES: usize = 64 * 1024;

/// A name that is longer is none.
const MAX_NAME: usize = 64;

const OTHER: &str = "_OTHER";

const OPERATIONS: [&str; 34] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "REPLACE",
    "UPSERT",
    "VALUES",
    "TABLE",
    "CALL",
    "EXEC",
    "EXECUTE",
    "DO",
    "BEGIN",
    "START",
    "COMMIT",
    "ROLLBACK",
    "END",
    "SAVEPOINT",
    "RELEASE",
    "CREATE",
    "ALTER",
    "DROP",
    "TRUNCATE",
    "COPY",
    "LOCK",
    "SET",
    "SHOW",
    "PRAGMA",
    "EXPLAIN",
    "ANALYZE",
    "VACUUM",
    "LISTEN",
    "NOTIFY",
];

/// What ends a list of tables.
const CLAUSES: [&str; 15] = [
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "SET",
    "RETURNING",
    "ON",
];

/// What may stand between the word that announces a table and its name.
const BEFORE_NAME: [&str; 9] =
    ["ONLY", "IF", "NOT", "EXISTS", "IGNORE", "LOW_PRIORITY", "QUICK", "TEMPORARY", "CONCURRENTLY"];

impl Default for Shape {
    fn default() -> Self {
        Self { operation: OTHER, table: String::new() }
    }
}

impl Shape {
    pub(super) fn of(sql: &str) -> Self {
        let mut tokens = Lexer::new(sql).skip_while(|token| matches!(token, Ok(Token::Symbol(b'('))));
        let Some(Ok(Token::Word(first))) = tokens.next() else { return Self::default() };
        if is(first, "WITH") {
            return Self { operation: after_with(tokens.map_while(Result::ok)), table: String::new() };
        }
        let operation = known(first);
        let table = if sql.len() <= MAX_BYTES { table(sql, operation) } else { None };
        Self { operation, table: table.unwrap_or_default() }
    }
}

fn known(word: &str) -> &'static str {
    OPERATIONS.into_iter().find(|operation| is(word, operation)).unwrap_or(OTHER)
}

/// What is done with the queries that have names: those stand in parentheses.
fn after_with<'a>(tokens: impl Iterator<Item = Token<'a>>) -> &'static str {
    let mut depth = 0_usize;
    for token in tokens {
        match token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            Token::Word(word) if depth == 0 => {
                if let operation @ ("SELECT" | "INSERT" | "UPDATE" | "DELETE" | "MERGE") = known(word) {
                    return operation;
                }
            }
            _ => {}
        }
    }
    OTHER
}

/// The one table of a statement that the lexer is sure of.
fn table(sql: &str, operation: &'static str) -> Option<String> {
    let tokens = Lexer::new(sql).collect::<Result<Vec<_>, _>>().ok()?;
    let mut found: Option<String> = None;
    // Whether a comma would bring another table.
    let mut listing = false;
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            Token::Symbol(b'(') => depth += 1,
            Token::Symbol(b')') => depth = depth.saturating_sub(1),
            Token::Symbol(b',') if listing && depth == 0 => return None,
            Token::Word(word) if announces(word, operation, &tokens[..at]) => {
                let name = name(&tokens[at + 1..], operation)?;
                if found.as_ref().is_some_and(|found| *found != name) {
                    return None;
                }
                listing = depth == 0 && operation != "INSERT";
                found = Some(name);
            }
            Token::Word(word) if CLAUSES.iter().any(|clause| is(word, clause)) => listing = false,
            _ => {}
        }
    }
    found
}

/// Whether a table's name follows this word.
fn announces(word: &str, operation: &str, before: &[Token<'_>]) -> bool {
    let first = before.iter().all(|token| *token == Token::Symbol(b'('));
    match operation {
        "SELECT" | "DELETE" | "INSERT" | "REPLACE" | "MERGE" | "UPDATE" => {
            let distinct = matches!(before.last(), Some(Token::Word(last)) if is(last, "DISTINCT"));
            is(word, "FROM") && !distinct
                || is(word, "JOIN")
                || is(word, "INTO")
                || is(word, "USING") && operation == "MERGE"
                || is(word, "UPDATE") && first
        }
        "CREATE" | "ALTER" | "DROP" => is(word, "TABLE"),
        // The word TABLE is left out by some.
        "TRUNCATE" => first,
        _ => false,
    }
}

/// The name that these begin with. `None` if it is none, or a function's.
fn name(mut tokens: &[Token<'_>], operation: &str) -> Option<String> {
    while let [Token::Word(word), rest @ ..] = tokens {
        if is(word, "OR") && operation == "UPDATE" {
            tokens = rest.get(1..)?;
        } else if BEFORE_NAME.iter().any(|before| is(word, before)) || is(word, "TABLE") {
            tokens = rest;
        } else {
            break;
        }
    }
    let mut name = String::new();
    loop {
        let (part, rest) = match tokens {
            [Token::Word(part) | Token::Quoted(part), rest @ ..] => (*part, rest),
            _ => return None,
        };
        name.push_str(part);
        match rest {
            [Token::Symbol(b'.'), rest @ ..] => {
                name.push('.');
                tokens = rest;
            }
            [Token::Symbol(b'('), ..] if !matches!(operation, "INSERT" | "REPLACE" | "CREATE") => return None,
            _ => break,
        }
    }
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'-'));
    (plain && name.len() <= MAX_NAME).then_some(name)
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}
