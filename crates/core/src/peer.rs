use std::net::SocketAddr;

use http::Extensions;

/// The other end of the connection, where the host left it.
pub(crate) fn address(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<SocketAddr>().copied().or_else(|| of_axum(extensions)).or_else(|| of_tonic(extensions))
}

#[cfg(feature = "axum")]
fn of_axum(extensions: &Extensions) -> Option<SocketAddr> {
    Some(extensions.get::<axum::extract::ConnectInfo<SocketAddr>>()?.0)
}

#[cfg(not(feature = "axum"))]
fn of_axum(_: &Extensions) -> Option<SocketAddr> {
    None
}

#[cfg(feature = "tonic")]
fn of_tonic(extensions: &Extensions) -> Option<SocketAddr> {
    extensions.get::<tonic::transport::server::TcpConnectInfo>()?.remote_addr()
}

#[cfg(not(feature = "tonic"))]
fn of_tonic(_: &Extensions) -> Option<SocketAddr> {
    None
}
