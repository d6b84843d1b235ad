use super::{Ended, Instrument, Kind, Observed, Running};

impl<K: Kind> Instrument<K> {
    /// Observes a future that can fail: an `Err` is counted with its type's name as `error_type`.
    ///
    /// The work begins with the first poll. The future given up is `cancelled`, one that panics `panic`.
    ///
    /// ```
    /// use tower_telemetry_metrics::instrument::{Database, Instrument};
    ///
    /// static ORDERS: Instrument<Database> = Instrument::new();
    ///
    /// # struct Db; impl Db { async fn find(&self, id: u64) -> std::io::Result<u64> { Ok(id) } }
    /// # async fn handler(db: Db) -> std::io::Result<()> {
    /// let labels = Database::new("postgresql").operation("SELECT").collection("orders");
    /// let order = ORDERS.observe(labels, db.find(7)).await?;
    /// # Ok(()) }
    /// ```
    pub fn observe<'a, F, T, E>(&'a self, labels: impl Into<K::Labels<'a>>, future: F) -> Observed<'a, K, F>
    where
        F: Future<Output = Result<T, E>>,
    {
        Observed::new(self, labels.into(), future, |result, _| Ended::of(result))
    }

    /// Observes a future whose output a closure judges. It may also set labels that are known by then only.
    ///
    /// ```
    /// use std::io::{Error, ErrorKind};
    /// use tower_telemetry_metrics::instrument::{Email, Ended, Instrument};
    ///
    /// static EMAILS: Instrument<Email> = Instrument::new();
    ///
    /// # async fn send() -> Result<(), Error> { Ok(()) }
    /// # async fn handler() -> Result<(), Error> {
    /// let ends = |result: &Result<(), Error>, _: &mut _| {
    ///     Ended::by(result, |error| if error.kind() == ErrorKind::TimedOut { "timeout" } else { "_OTHER" })
    /// };
    /// EMAILS.observe_with(Email::new("smtp").template("welcome"), send(), ends).await?;
    /// # Ok(()) }
    /// ```
    pub fn observe_with<'a, F, C>(
        &'a self,
        labels: impl Into<K::Labels<'a>>,
        future: F,
        ends: C,
    ) -> Observed<'a, K, F, C>
    where
        F: Future,
        C: FnOnce(&F::Output, &mut K::Labels<'a>) -> Ended,
    {
        Observed::new(self, labels.into(), future, ends)
    }

    /// Observes a future that cannot fail, other than by a panic or by being given up.
    pub fn observe_infallible<'a, F: Future>(
        &'a self,
        labels: impl Into<K::Labels<'a>>,
        future: F,
    ) -> Observed<'a, K, F> {
        Observed::new(self, labels.into(), future, |_, _| Ended::Ok)
    }

    /// Observes a closure that can fail, in its span: for code that does not wait.
    pub fn run<'a, T, E>(
        &'a self,
        labels: impl Into<K::Labels<'a>>,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let running = self.start(labels);
        let result = running.in_scope(work);
        running.end(Ended::of(&result));
        result
    }

    /// Starts work that says itself when it ends.
    ///
    /// ```
    /// use tower_telemetry_metrics::instrument::{DocumentProcessing, Instrument};
    ///
    /// static DOCUMENTS: Instrument<DocumentProcessing> = Instrument::new();
    ///
    /// # fn parse(_: &[u8]) -> Option<u32> { Some(1) }
    /// # fn pages(bytes: &[u8]) -> Option<u32> {
    /// let parsing = DOCUMENTS.start(DocumentProcessing::new("parse").format("pdf"));
    /// let pages = parse(bytes)?; // left here, it is cancelled
    /// parsing.ok();
    /// # Some(pages) }
    /// ```
    pub fn start<'a>(&'a self, labels: impl Into<K::Labels<'a>>) -> Running<'a, K> {
        Running::new(self, labels.into())
    }
}
