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
            function: _,
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
