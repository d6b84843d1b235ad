//! Bodies that are captured as they pass: what is kept of them, that nobody can tell, and what Sentry's events show.

mod capture {
    mod bodies;
    mod events;
    mod fixtures;
    mod half_read;
    mod passing;
    mod requests;
    mod responses;
    mod wire;
}
