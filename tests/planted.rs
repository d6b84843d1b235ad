//! Secrets, planted wherever a caller can put one into a request: none leaves the examples in what they send to Sentry, in their
//! metrics or in their log.

mod planted {
    mod axum;
    mod bodies;
    mod caller;
    mod places;
    mod search;
    mod secrets;
    mod tonic;
}
