use sentry::protocol::{MonitorCheckIn, SessionAggregateItem, SessionAggregates, SessionAttributes, SessionUpdate};

use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn session(&self, session: &mut SessionUpdate<'static>) {
        let SessionUpdate {
            session_id: _,
            distinct_id,
            sequence: _,
            timestamp: _,
            started: _,
            init: _,
            duration: _,
            status: _,
            errors: _,
            attributes,
        } = session;
        self.distinct_id(distinct_id);
        self.session_attributes(attributes);
    }

    pub(super) fn sessions(&self, sessions: &mut SessionAggregates<'static>) {
        let SessionAggregates { aggregates, attributes } = sessions;
        for aggregate in aggregates {
            let SessionAggregateItem { started: _, distinct_id, exited: _, errored: _, abnormal: _, crashed: _ } =
                aggregate;
            self.distinct_id(distinct_id);
        }
        self.session_attributes(attributes);
    }

    /// The SDK takes the user's e-mail address where there is no id. The same word in its place would make one user of all.
    fn distinct_id(&self, id: &mut Option<String>) {
        if id.as_ref().is_some_and(|id| self.new_key(id).is_some()) {
            *id = None;
        }
    }

    fn session_attributes(&self, attributes: &mut SessionAttributes<'static>) {
        let SessionAttributes { release: _, environment: _, ip_address, user_agent } = attributes;
        self.address(ip_address);
        if let Some(user_agent) = user_agent {
            self.header("user-agent", user_agent);
        }
    }

    pub(super) fn check_in(&self, check_in: &mut MonitorCheckIn) {
        // The schedule is configuration.
        let MonitorCheckIn { check_in_id: _, monitor_slug, status: _, environment: _, duration: _, monitor_config: _ } =
            check_in;
        self.text(monitor_slug);
    }
}
