//! Clients that prove who they are: by TLS, in tonic's own server.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_stream::{StreamExt, wrappers::TcpListenerStream};
use tonic::{
    service::Routes,
    transport::{
        Certificate, Channel, ClientTlsConfig, Identity, Server, ServerTlsConfig,
        server::{TcpConnectInfo, TlsConnectInfo},
    },
};
use tower_telemetry::{UserSource, Users};
use tower_telemetry_core::AddressDisclosure;
use tower_telemetry_user::ClientCertificate;

use super::{
    asked::{request, told},
    collected::Collected,
    hosts::{Caller, Reporter, listen},
    moments::{Moment, Signals},
    sources::Source,
};

/// An authority, which signs for both ends.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = Certificate::from_pem(params.self_signed(&key).expect("a certificate").pem());
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn identity(&self, name: &str) -> Identity {
        let mut params = CertificateParams::new(vec!["localhost".into()]).expect("a name");
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity::from_pem(certificate.pem(), key.serialize_pem())
    }
}

#[tokio::test]
async fn tonic_tells_the_subject_of_its_clients() {
    let source = UserSource::certificate_of(|tls: &TlsConnectInfo<TcpConnectInfo>| {
        Some(ClientCertificate::new(tls.peer_certs()?.first()?.to_vec()))
    });
    let collected = Collected::new();
    let telemetry = collected.telemetry(Users::new().sources([source]));
    let (authority, signals) = (Authority::new(), Signals::default());
    let tls = ServerTlsConfig::new().identity(authority.identity("server"));
    let tls = tls.client_ca_root(authority.certificate.clone()).client_auth_optional(true);
    let routes = Routes::new(Reporter { source: Source::Certificate, signals: signals.clone() });
    let server = Server::builder().tls_config(tls).expect("it is good").layer(telemetry.layer()).add_routes(routes);
    let (listener, address) = listen().await;
    let incoming = TcpListenerStream::new(listener).map(|stream| stream);
    tokio::spawn(server.serve_with_incoming(incoming));

    for (name, expected) in [(Some("ada"), Some("ada")), (None, None), (Some("grace"), Some("grace"))] {
        let tls = ClientTlsConfig::new().ca_certificate(authority.certificate.clone()).domain_name("localhost");
        let tls = match name {
            Some(name) => tls.identity(authority.identity(name)),
            None => tls,
        };
        let channel = Channel::from_shared(format!("https://{address}")).expect("a URI").tls_config(tls);
        let channel = channel.expect("it is good").connect().await.expect("it is there");
        assert!(Caller::Grpc(channel).call(Moment::AfterAwait, &signals, &[]).await);
        collected.wait_for(1, 1).await;
        let reports = collected.take();
        for user in [&reports.events[0].user, &reports.transactions[0].user] {
            let user = user.as_ref().expect("there is an address at least");
            assert_eq!((user.username.as_deref(), user.id.is_some()), (expected, expected.is_some()));
            assert_eq!(user.ip_address.as_ref().map(ToString::to_string).as_deref(), Some("127.0.0.0"));
        }
    }
}

#[test]
fn what_is_no_certificate_names_nobody() {
    let users = Users::new().sources([UserSource::certificate()]).address(AddressDisclosure::Off);
    let name = |der: Vec<u8>| {
        let mut head = request(None, &[]);
        head.extensions.insert(ClientCertificate::new(der));
        told(&users, head).username.as_ref().map(ToString::to_string)
    };
    let certificate = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        params.self_signed(&key).expect("a certificate").der().to_vec()
    };
    let ada = certificate("ada");
    assert_eq!(name(ada.clone()).as_deref(), Some("ada"));
    for end in 0..ada.len() {
        assert_eq!(name(ada[..end].to_vec()), None, "{end} bytes");
    }
    for i in 0..ada.len() {
        let mut damaged = ada.clone();
        damaged[i] ^= 0x80;
        let _ = name(damaged);
    }
    assert_eq!(name(vec![0x30; 1 << 20]), None);
    assert_eq!(name(certificate(&"x".repeat(20_000))), None, "it is longer than what is read");
    assert_eq!(
        name(certificate(&format!("a\nd\u{202e}a{}", "x".repeat(500)))),
        Some(format!("ada{}", "x".repeat(125)))
    );
}
