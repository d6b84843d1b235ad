use http::request;
use tower_telemetry_core::{AddressClaim, AddressDisclosure, Observe, RequestContext, RequestHead};

use crate::{
    UserSource, Users, UsersExchange, address,
    exchange::Open,
    source::{Claimed, once},
};

impl Observe for Users {
    type Exchange = UsersExchange;

    fn begin(&self, head: &mut request::Parts, cx: &RequestContext) -> UsersExchange {
        let head = RequestHead::of(head);
        let address = match self.policy.told_of_addresses() {
            AddressDisclosure::Off => None,
            _ => self.claim_of_address(&head),
        };
        let (sources, policy) = (&self.shared.sources, self.has_policy.then_some(&self.policy));
        if sources.is_empty() && address.is_none() && policy.is_none() {
            return UsersExchange { open: None };
        }
        // Most often that is all there is to it, and it is written where it is read.
        let is_named = cx.begin_user(policy, address, || sources.first()?.read_extension(head.extensions));
        let exchange = if is_named { UsersExchange { open: None } } else { self.ask(|_| true, &head, cx) };
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
    ) -> UsersExchange {
        let (mut may_answer, mut is_watched) = (false, false);
        for (rank, source) in self.shared.sources.iter().enumerate().filter(|(_, source)| asked(source)) {
            let from_proxy = || head.peer().is_some_and(|peer| self.shared.proxies.contain(peer));
            let claimed = source.claim(rank, head, &from_proxy, cx);
            if claimed == Claimed::Certain {
                break;
            }
            is_watched |= claimed == Claimed::Watched;
            may_answer |= source.may_answer_later();
        }
        let open = || Open { users: self.shared.clone(), cx: cx.clone(), is_watched };
        UsersExchange { open: may_answer.then(|| Box::new(open())) }
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
