//! gRPC exchanges that end before their time, or nearly.
