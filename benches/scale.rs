//! What everything adds to a request of a service that has more and more of something, and how much more two threads get done than
//! one: both beside the bare router's own.

use benches::{SCALES, Scale, everything, in_turns, throughput};

fn main() {
    println!("{:34} {:>8} {:>12} {:>12} {:>14}", "ns", "", "bare", "over bare", "of the least");
    for scale in SCALES {
        grow(&scale);
    }
    println!("\n{:34} {:>8} {:>12} {:>12} {:>14}", "requests a second", "", "one thread", "two", "times as many");
    for member in &everything() {
        let (one, two) = (throughput(member, 1), throughput(member, 2));
        println!("{:34} {:>8} {one:>12.0} {two:>12.0} {:>14.2}", member.name(), "", two / one);
    }
}

fn grow(scale: &Scale) {
    let members: Vec<_> = scale.sizes.iter().flat_map(|&size| scale.members(size)).collect();
    let times = in_turns(&members);
    let over_bare = |at: usize| times[2 * at + 1] - times[2 * at];
    for (at, size) in scale.sizes.iter().enumerate() {
        let over = over_bare(at);
        let least = format!("{:.2} x", over / over_bare(0));
        println!("{:34} {size:>8} {:>12.1} {over:>12.1} {least:>14}", scale.of, times[2 * at]);
    }
}
