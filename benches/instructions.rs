//! How many instructions a request takes, from its arrival to the last frame of its response: the same in each run, but for the
//! last digits, whatever else the machine does.

use benches::{GROUPS, Table, count, counting, instructions};

fn main() {
    if counting() {
        GROUPS.into_iter().flat_map(|members| members()).for_each(|member| count(&member));
        return;
    }
    let Some(mut counts) = instructions() else { return };
    for members in GROUPS {
        let members = members();
        let counts = counts.by_ref().take(members.len()).collect();
        Table::of("instructions", &members, counts).print();
    }
}
