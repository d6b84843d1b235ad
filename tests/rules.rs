//! Which pattern of an endpoint matches first, which are refused, and what a look-up costs whatever the path.

mod rules {
    mod bounds;
    mod first;
    mod patterns;
    mod properties;
    mod reference;
    mod refused;
}
