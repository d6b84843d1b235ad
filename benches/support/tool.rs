use std::{env, process::Command};

/// Whether a program is installed.
pub fn available(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// This bench once more, in a process of its own that `tool` runs: its last argument is to be `role`.
pub fn again(tool: &[&str], role: &str) -> Command {
    let this = env::current_exe().expect("the system tells what it runs");
    let mut command = match tool {
        [] => Command::new(&this),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(&this);
            command
        }
    };
    command.arg(role);
    command
}
