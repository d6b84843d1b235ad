use http::request;
use tower_telemetry_core::{AddressClaim, AddressDisclosure, Observe, RequestContext, RequestHead, UserClaim};

use crate::{UserSource, Users, UsersExchange, address, source::once};

impl Observe for Users {
    type Exchange = UsersExchange;

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> UsersExchange {
        let head = RequestHead::of(head);
        let address = match self.policy.told_of_addresses() {
            AddressDisclosure::Off => None,
            _ => self.claim_of_address(&head),
        };
        let mut first = None;
        let exchange = self.ask(
            |_| true,
            &head,
            cx,
            |rank, claim| match first {
                None => first = Some((rank, claim)),
                Some(_) => cx.claim_user(rank, claim),
            },
        );
        cx.begin_user(&self.policy, address, first);
        cx.tell_user();
        exchange
    }
}

impl Users {
    /// Asks those of the sources that are `asked`. Behind one that knows somebody for certain, none needs to be.
    pub(crate) fn ask(
        &self,
        asked: impl Fn(&UserSource) -> bool,
        head: &RequestHead<'_>,
        cx: &RequestContext,
        mut claims: impl FnMut(usize, UserClaim),
    ) -> UsersExchange {
        let mut exchange = UsersExchange { open: None, is_watched: false };
        for (rank, source) in self.shared.sources.iter().enumerate().filter(|(_, source)| asked(source)) {
            let from_proxy = || head.peer().is_some_and(|peer| self.shared.proxies.contain(peer));
            let claim = source.ask(head, &from_proxy);
            let is_certain = matches!(claim, Some(UserClaim::Known(_)));
            exchange.is_watched |= matches!(claim, Some(UserClaim::Watched(_)));
            if let Some(claim) = claim {
                claims(rank, claim);
            }
            if is_certain {
                break;
            }
            if source.may_answer_later() && exchange.open.is_none() {
                exchange.open = Some((self.shared.clone(), cx.clone()));
            }
        }
        exchange
    }

    fn claim_of_address(&self, head: &RequestHead<'_>) -> Option<AddressClaim> {
        let peer = head.peer()?;
        let proxies = &self.shared.proxies;
        let chain = if proxies.contain(peer) { address::Chain::of(head.headers) } else { None };
        Some(match chain {
            None => AddressClaim::Known(peer),
            Some(chain) => {
                let shared = self.shared.clone();
                AddressClaim::Asked(Box::new(once(move || chain.walk(&shared.proxies))))
            }
        })
    }
}
