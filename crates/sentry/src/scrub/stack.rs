use sentry::protocol::{Frame, Stacktrace, TemplateInfo};

use super::walk::Walk;

impl Walk<'_> {
    pub(super) fn stacktrace(&self, stacktrace: &mut Option<Stacktrace>) {
        if let Some(Stacktrace { frames, frames_omitted: _, registers: _ }) = stacktrace {
            for frame in frames {
                self.frame(frame);
            }
        }
    }

    fn frame(&self, frame: &mut Frame) {
        // Where the code is, is no secret, and what looks like one there is a mangled name or a hash.
        let Frame {
            function,
            symbol: _,
            module: _,
            package: _,
            filename: _,
            abs_path: _,
            lineno: _,
            colno: _,
            pre_context,
            context_line,
            post_context,
            in_app: _,
            vars,
            image_addr: _,
            instruction_addr: _,
            symbol_addr: _,
            addr_mode: _,
        } = frame;
        if let Some(function) = function {
            cut(function);
        }
        self.texts(pre_context);
        self.text_opt(context_line);
        self.texts(post_context);
        self.values(vars);
    }

    pub(super) fn template(&self, template: &mut TemplateInfo) {
        let TemplateInfo { filename: _, abs_path: _, lineno: _, colno: _, pre_context, context_line, post_context } =
            template;
        self.texts(pre_context);
        self.text_opt(context_line);
        self.texts(post_context);
    }
}

/// The longest name of a function that Sentry takes, in characters. Those of generic code can be longer, and Sentry would note an
/// error beside the event. Source: <https://getsentry.github.io/relay/relay_event_schema/protocol/struct.Frame.html>
const MAX_FUNCTION: usize = 512;

fn cut(function: &mut String) {
    const REST: &str = "...";
    if function.len() > MAX_FUNCTION
        && function.chars().count() > MAX_FUNCTION
        && let Some((end, _)) = function.char_indices().nth(MAX_FUNCTION - REST.len())
    {
        function.truncate(end);
        function.push_str(REST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_name_is_as_long_as_sentry_takes_it() {
        for (name, length) in
            [("f".repeat(512), 512), ("f".repeat(513), 512), ("é".repeat(600), 512), ("é".repeat(300), 300)]
        {
            let mut function = name.clone();
            cut(&mut function);
            assert_eq!(function.chars().count(), length);
            assert_eq!(function == name, name.chars().count() <= MAX_FUNCTION);
        }
    }
}
