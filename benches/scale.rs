//! What everything adds to a request of a service that has more and more of something: time, and instructions, which caches that
//! are too small do not change. Then how much more two threads get done than one. All beside the bare router's own.

use benches::{Member, SCALES, Scale, count, counting, everything, in_turns, instructions, throughput};

fn main() {
    if counting() {
        SCALES.iter().flat_map(members).for_each(|member| count(&member));
        return;
    }
    let mut counts = instructions();
    println!(
        "{:32} {:>8} {:>10} {:>10} {:>12} {:>12} {:>12}",
        "", "", "bare, ns", "over bare", "of the least", "instructions", "of the least"
    );
    for scale in SCALES {
        let members: Vec<_> = members(&scale).collect();
        let counts: Option<Vec<_>> = counts.as_mut().map(|counts| counts.take(members.len()).collect());
        grow(&scale, &in_turns(&members), counts.as_deref());
    }
    println!("\n{:32} {:>12} {:>12} {:>14}", "requests a second", "one thread", "two", "times as many");
    for member in &everything() {
        let (one, two) = (throughput(member, 1), throughput(member, 2));
        println!("{:32} {one:>12.0} {two:>12.0} {:>14.2}", member.name(), two / one);
    }
}

fn members(scale: &Scale) -> impl Iterator<Item = Member> {
    scale.sizes.iter().flat_map(|&size| scale.members(size))
}

fn grow(scale: &Scale, times: &[f64], counts: Option<&[f64]>) {
    for (at, size) in scale.sizes.iter().enumerate() {
        let over = |values: &[f64]| {
            let over = |at: usize| values[2 * at + 1] - values[2 * at];
            format!("{:>10.1} {:>10.2} x", over(at), over(at) / over(0))
        };
        let counts = counts.map(over).unwrap_or_default();
        println!("{:32} {size:>8} {:>10.1} {} {counts:>25}", scale.of, times[2 * at], over(times));
    }
}
