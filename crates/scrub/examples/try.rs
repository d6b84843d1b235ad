use std::io::BufRead;
fn main() {
    let s = tower_telemetry_scrub::Scrub::standard().build().unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap().replace("\\n", "\n");
        println!("{}", s.text(&line));
    }
}
