//! Every source, behind every host, at every moment.

use sentry::protocol::{User, Value};
use tests::spans::{KeptSpan, Spans};

use super::{
    collected::Collected,
    hosts::Host,
    moments::{Moment, Signals},
    sources::{Source, Who},
};

/// Ada's request, and one of nobody behind it, on the same connection where that has outlived the first, and on the same thread.
#[tokio::test]
async fn the_user_stands_in_its_own_reports_alone() {
    for source in Source::ALL {
        let collected = Collected::new();
        let telemetry = collected.telemetry(source.users());
        for host in Host::ALL {
            let signals = Signals::default();
            let server = host.serve(&telemetry, source, &signals).await;
            for moment in Moment::ALL {
                let name = format!("{source:?}, {host:?}, {moment:?}");
                let spans = Spans::keep_beside(sentry_tracing::SpanLayer::new());
                let mut caller = host.caller(&server).await;
                for (exchange, headers) in [(1, source.credentials()), (2, Vec::new())] {
                    let was_answered = caller.call(moment, &signals, &headers).await;
                    assert_eq!(was_answered, moment.has_response(), "{name}");
                    if moment == Moment::AfterEnd {
                        collected.wait_for(exchange, exchange - 1).await;
                        signals.over.notify_one();
                    }
                    collected.wait_for(exchange, exchange).await;
                    if !was_answered {
                        caller = host.caller(&server).await;
                    }
                }

                let reports = collected.take();
                let known = |is_known: bool| if is_known { source.ada() } else { Who::default() };
                let late = source == Source::Response;
                let in_event = known(!late || moment.is_behind_head());
                let in_end = known(!late || moment.has_response());
                let events: Vec<_> = reports.events.iter().map(|event| who(event.user.as_ref())).collect();
                assert_eq!(events, [in_event, Who::default()], "{name}: {:#?}", reports.events);
                let transactions: Vec<_> = reports.transactions.iter().map(|one| who(one.user.as_ref())).collect();
                assert_eq!(transactions, [in_end.clone(), Who::default()], "{name}");
                let spans = spans.spans();
                let spans: Vec<_> = spans.iter().filter(|span| span.name == "http.server.request").collect();
                assert!(spans.iter().all(|span| span.closed), "{name}");
                let spans: Vec<_> = spans.into_iter().map(in_span).collect();
                assert_eq!(spans, [in_end, Who::default()], "{name}");
                for user in reports.events.iter().filter_map(|event| event.user.as_ref()) {
                    let address = user.ip_address.as_ref().map(ToString::to_string);
                    assert_eq!((address.as_deref(), &user.email), (Some("127.0.0.0"), &None), "{name}");
                }
            }
        }
    }
}

fn who(user: Option<&User>) -> Who {
    let Some(user) = user else { return Who::default() };
    let unverified = user.other.get("verified") == Some(&Value::Bool(false));
    Who { id: user.id.clone(), username: user.username.clone(), unverified }
}

fn in_span(span: &KeptSpan) -> Who {
    let text = |name| span.fields.get(name).map(str::to_owned);
    Who { id: text("user.id"), username: text("user.name"), unverified: text("user.verified").is_some() }
}
