//! What sqlx's events tell, of statements that want to smuggle a value out among them. That these are its events,
//! `instruments_queries.rs` shows.

use std::time::Duration;

use tower_telemetry_metrics::sqlx::Queries;
use tracing_subscriber::{Registry, layer::SubscriberExt};

use super::fixtures::{Recorder, Told, counts};

/// The series of an operation on a table; of an empty one, without.
fn series(operation: &str, table: &str) -> String {
    let table = if table.is_empty() { String::new() } else { format!("db_collection_name={table:?},") };
    format!(r#"db_client_operation_duration_seconds{{{table}db_operation_name="{operation}",db_system_name="sqlite"}}"#)
}

#[test]
fn slow_ones_are_counted() {
    let recorder = Recorder::new();
    let subscriber = Registry::default().with(Queries::new("sqlite").slow_after(Duration::ZERO).layer());
    recorder.record(|| tracing::subscriber::with_default(subscriber, || tell("SELECT 1")));
    let name = r#"db_client_operation_slow_total{db_operation_name="SELECT",db_system_name="sqlite"}"#;
    assert_eq!(recorder.page()[name], Told::Counter(1));
}

#[test]
fn tables_are_bounded() {
    let recorder = Recorder::new();
    let subscriber = Registry::default().with(Queries::new("sqlite").max_series(3).layer());
    recorder.record(|| {
        tracing::subscriber::with_default(subscriber, || {
            (0..100_000).for_each(|n| tell(&format!("SELECT * FROM t{n} WHERE a = 1")));
        });
    });
    let page = recorder.page();
    assert_eq!(counts(&page).len(), 4);
    assert!(counts(&page).contains(&(series("SELECT", "overflow").as_str(), 99_997)));
}

#[test]
fn statements_give_away_their_shape_and_nothing_else() {
    let cases = [
        // What is plain.
        ("SELECT a, b FROM orders", "SELECT", "orders"),
        ("SELECT a FROM shop.orders o WHERE a = $1 ORDER BY a, b LIMIT 5", "SELECT", "shop.orders"),
        ("SELECT \"a\" FROM \"orders\" WHERE x = ?1", "SELECT", "orders"),
        ("SELECT `a` FROM `shop`.`orders`", "SELECT", "shop.orders"),
        ("  (select 1 from orders)", "SELECT", "orders"),
        ("-- by hand\nSELECT /* all */ * FROM orders -- it's", "SELECT", "orders"),
        ("SELECT 1", "SELECT", ""),
        ("SELECT a IS DISTINCT FROM b FROM orders", "SELECT", "orders"),
        ("INSERT INTO orders(a) VALUES (1)", "INSERT", "orders"),
        ("INSERT OR REPLACE INTO orders (a, b) VALUES (1, 'FROM x')", "INSERT", "orders"),
        ("INSERT INTO orders (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", "INSERT", "orders"),
        ("REPLACE INTO orders VALUES (1)", "REPLACE", "orders"),
        ("UPDATE ONLY orders SET a = 1, b = 2", "UPDATE", "orders"),
        ("UPDATE OR IGNORE orders SET a = 1", "UPDATE", "orders"),
        ("SELECT a FROM orders FOR UPDATE", "SELECT", "orders"),
        ("DELETE FROM orders WHERE a IN (1, 2)", "DELETE", "orders"),
        ("CREATE TABLE IF NOT EXISTS orders (a INT)", "CREATE", "orders"),
        ("ALTER TABLE orders ADD b INT", "ALTER", "orders"),
        ("DROP TABLE IF EXISTS orders", "DROP", "orders"),
        ("TRUNCATE TABLE orders", "TRUNCATE", "orders"),
        ("TRUNCATE orders", "TRUNCATE", "orders"),
        ("BEGIN", "BEGIN", ""),
        ("COMMIT", "COMMIT", ""),
        ("PRAGMA foreign_keys = ON", "PRAGMA", ""),
        ("WITH x AS (SELECT 1 FROM a) DELETE FROM orders", "DELETE", ""),
        // More than one table is none.
        ("SELECT a FROM orders, users", "SELECT", ""),
        ("SELECT a FROM orders o JOIN users u ON o.a = u.a", "SELECT", ""),
        ("SELECT a FROM orders WHERE b IN (SELECT b FROM users)", "SELECT", ""),
        ("SELECT a FROM orders WHERE b IN (SELECT b FROM orders)", "SELECT", "orders"),
        ("INSERT INTO orders SELECT * FROM users", "INSERT", ""),
        ("SELECT a FROM json_each('[1]')", "SELECT", ""),
        ("SELECT a FROM (SELECT 1)", "SELECT", ""),
        // What is in doubt is none.
        (r"SELECT 'a\' FROM hunter2 --' FROM orders", "SELECT", ""),
        (r"SELECT 'C:\', x FROM orders WHERE p = ' FROM hunter2'", "SELECT", ""),
        ("SELECT $$ FROM hunter2 $$", "SELECT", ""),
        ("SELECT $tag$ FROM hunter2 $tag$ FROM orders", "SELECT", ""),
        ("SELECT 1 # it's\n FROM hunter2 ' FROM orders", "SELECT", ""),
        ("SELECT 1 /* /* */ FROM hunter2 */ FROM orders", "SELECT", ""),
        ("SELECT 1 /*! FROM hunter2 */", "SELECT", ""),
        ("SELECT 1 --FROM hunter2\n FROM orders", "SELECT", ""),
        ("SELECT 'unfinished FROM hunter2", "SELECT", ""),
        ("SELECT \"it's FROM hunter2\" FROM orders", "SELECT", "orders"),
        ("SELECT a FROM \"hunter2 is it\"", "SELECT", ""),
        ("SELECT a FROM 'hunter2'", "SELECT", ""),
        ("SELECT a FROM 42", "SELECT", ""),
        ("hunter2 FROM orders", "_OTHER", ""),
        ("'hunter2'", "_OTHER", ""),
        ("", "_OTHER", ""),
        ("SELECT é FROM orders WHERE ü = 'ö'", "SELECT", "orders"),
        ("SELECT a FROM größen", "SELECT", ""),
    ];
    for (statement, operation, table) in cases {
        let recorder = Recorder::new();
        let subscriber = Registry::default().with(Queries::new("sqlite").layer());
        recorder.record(|| tracing::subscriber::with_default(subscriber, || tell(statement)));
        assert_eq!(counts(&recorder.page()), [(series(operation, table).as_str(), 1)], "{statement}");
    }
    let long = Recorder::new();
    let subscriber = Registry::default().with(Queries::new("sqlite").layer());
    let statement = format!("SELECT a FROM orders WHERE b = '{}'", "x".repeat(100_000));
    long.record(|| tracing::subscriber::with_default(subscriber, || tell(&statement)));
    assert_eq!(counts(&long.page()), [(series("SELECT", "").as_str(), 1)]);
}

/// An event as sqlx makes it: see `sqlx_core::logger`.
fn tell(statement: &str) {
    let mut summary = statement.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    let text = if summary == statement {
        String::new()
    } else {
        summary.push_str(" …");
        format!("\n\n{statement}\n")
    };
    tracing::event!(
        target: "sqlx::query",
        tracing::Level::DEBUG,
        summary,
        db.statement = text,
        rows_affected = 0_u64,
        rows_returned = 0_u64,
        elapsed = ?Duration::from_millis(3),
        elapsed_secs = 0.003_f64,
    );
}
