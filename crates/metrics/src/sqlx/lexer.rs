//! Splits SQL into words, without knowing whose dialect it is.

/// What there is in a statement, as far as its shape needs it. Values are not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A keyword or a name.
    Word(&'a str),
    /// A name in quotes, without them.
    Quoted(&'a str),
    /// A number, a string, a placeholder.
    Value,
    Symbol(u8),
}

/// The dialects read the text in different ways, or it ends too early. What comes after may be within a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsure;

/// Gives the tokens in their order, and after an [`Unsure`] nothing more.
pub(super) struct Lexer<'a> {
    sql: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Self { sql, at: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        &self.sql.as_bytes()[self.at..]
    }

    /// The token of so many bytes.
    fn take(&mut self, len: usize, token: impl FnOnce(&'a str) -> Token<'a>) -> Result<Token<'a>, Unsure> {
        let text = self.sql.get(self.at..self.at + len).ok_or(Unsure)?;
        self.at += len;
        Ok(token(text))
    }

    fn skip_blanks_and_comments(&mut self) -> Result<(), Unsure> {
        loop {
            match self.rest() {
                [blank, ..] if blank.is_ascii_whitespace() => self.at += 1,
                // MySQL wants a blank after it.
                [b'-', b'-', next, ..] if !next.is_ascii_whitespace() => return Err(Unsure),
                [b'-', b'-', rest @ ..] => self.at += 2 + end_of_line(rest),
                // MySQL runs what is in the first, and begins a comment with the last, which is an operator in PostgreSQL.
                [b'/', b'*', b'!' | b'+', ..] | [b'#', ..] => return Err(Unsure),
                [b'/', b'*', rest @ ..] => {
                    // Only PostgreSQL has comments in comments.
                    let end = rest.windows(2).position(|pair| pair == b"*/").ok_or(Unsure)?;
                    if rest[..end].windows(2).any(|pair| pair == b"/*") {
                        return Err(Unsure);
                    }
                    self.at += end + 4;
                }
                _ => return Ok(()),
            }
        }
    }

    /// What stands between two of these. A backslash is a character in one dialect and hides the quote in another.
    fn quoted(&mut self, quote: u8, token: impl FnOnce(&'a str) -> Token<'a>) -> Result<Token<'a>, Unsure> {
        let mut end = 1;
        loop {
            match &self.rest()[end.min(self.rest().len())..] {
                [] | [b'\\', ..] => return Err(Unsure),
                [one, two, ..] if *one == quote && *two == quote => end += 2,
                [one, ..] if *one == quote => break,
                _ => end += 1,
            }
        }
        self.take(end + 1, |text| token(&text[1..end]))
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Result<Token<'a>, Unsure>;

    fn next(&mut self) -> Option<Self::Item> {
        let token = self.skip_blanks_and_comments().and_then(|()| match self.rest() {
            [b'\'', ..] => self.quoted(b'\'', |_| Token::Value),
            [quote @ (b'"' | b'`'), ..] => self.quoted(*quote, Token::Quoted),
            [b'$', next, ..] if next.is_ascii_digit() => self.take(1 + digits(&self.rest()[1..]), |_| Token::Value),
            // A dollar is a string's quote in PostgreSQL.
            [] | [b'$', ..] => Err(Unsure),
            [first, ..] if first.is_ascii_digit() => self.take(word(self.rest()), |_| Token::Value),
            [first, ..] if is_word(*first) => self.take(word(self.rest()), Token::Word),
            [symbol, ..] => {
                let symbol = *symbol;
                self.take(1, |_| Token::Symbol(symbol))
            }
        });
        if token.is_err() {
            let ended = self.rest().is_empty();
            self.at = self.sql.len();
            return if ended { None } else { Some(token) };
        }
        Some(token)
    }
}

fn end_of_line(text: &[u8]) -> usize {
    text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len())
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn word(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_word(**byte) || byte.is_ascii_digit() || **byte == b'$').count()
}

/// Letters of other scripts among them.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}
