//! Makes Rust of the service's definition, and keeps its descriptors for reflection.

use std::{env, error::Error, fs, path::Path};

use prost::Message;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let descriptors = protox::compile(["helloworld.proto"], ["proto"])?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("helloworld.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().build_client(false).compile_fds(descriptors)?;
    Ok(())
}
