//! Real queries, by sqlx to a database in memory. In a process of its own, since sqlx has a thread for each such database, where no
//! scoped recorder or subscriber is.

use metrics_exporter_prometheus::PrometheusBuilder;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use tower_telemetry_metrics::sqlx::Queries;
use tracing_subscriber::{Layer, filter::LevelFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// The statements, and what is to be seen of each.
const STATEMENTS: [(&str, &str, &str); 11] = [
    ("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, password TEXT)", "CREATE", "users"),
    ("INSERT INTO users (email, password) VALUES ('ada@example.com', 'hunter2')", "INSERT", "users"),
    ("SELECT password FROM users WHERE email = 'ada@example.com' AND password = 'FROM hunter2'", "SELECT", "users"),
    ("select * from users", "SELECT", "users"),
    ("UPDATE users SET password = 'hunter3' WHERE id = 1", "UPDATE", "users"),
    ("DELETE FROM users WHERE email = 'it''s FROM hunter2'", "DELETE", "users"),
    ("SELECT 'hunter2'", "SELECT", ""),
    (r"SELECT 'a\', 'FROM hunter2' FROM users", "SELECT", ""),
    ("BEGIN", "BEGIN", ""),
    ("ROLLBACK", "ROLLBACK", ""),
    // Refused by the database, and seen all the same.
    ("SELECT hunter2 FROM nowhere", "SELECT", "nowhere"),
];

#[test]
fn real_queries_are_seen_by_operation_and_table_and_no_value_is() {
    let page = PrometheusBuilder::new().install_recorder().expect("it is the only one");
    tracing_subscriber::registry()
        .with(Queries::new("sqlite").layer())
        // As in a service: what is written is filtered for itself.
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::sink).with_filter(LevelFilter::INFO))
        .init();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection = SqliteConnectOptions::new().in_memory(true).connect().await.expect("a database in memory");
        for (statement, ..) in STATEMENTS {
            let _ = sqlx::query(statement).execute(&mut connection).await;
        }
        connection.close().await.expect("it closes");
    });
    let page = page.render();
    for (statement, operation, table) in STATEMENTS {
        let same = STATEMENTS.iter().filter(|(_, other, of)| (*other, *of) == (operation, table)).count();
        let table = if table.is_empty() { String::new() } else { format!(",db_collection_name={table:?}") };
        let labels = format!(r#"db_system_name="sqlite",db_operation_name="{operation}"{table}"#);
        let line = format!("db_client_operation_duration_seconds_count{{{labels}}} {same}\n");
        assert!(page.contains(&line), "{statement}: {line} in {page}");
    }
    for secret in ["hunter", "ada", "email", "password"] {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
}
