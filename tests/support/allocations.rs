use std::alloc::GlobalAlloc;

use stats_alloc::Region;

/// How many allocations were made since the region began. A reallocation counts as one.
pub fn allocated<A: GlobalAlloc>(region: &Region<'_, A>) -> usize {
    let change = region.change();
    change.allocations + change.reallocations
}
