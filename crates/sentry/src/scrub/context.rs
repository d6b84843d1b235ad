use std::borrow::Cow;

use sentry::protocol::{
    AppContext, BrowserContext, Context, DeviceContext, GpuContext, Map, OsContext, OtelContext, ResponseContext,
    RuntimeContext, TraceContext,
};

use super::walk::Walk;

/// The names of Sentry's own contexts, which say nothing of what is in them.
const KNOWN: [&str; 9] = ["app", "browser", "device", "gpu", "os", "response", "runtime", "rust", "trace"];

impl Walk<'_> {
    pub(super) fn contexts(&self, contexts: &mut Map<String, Context>) {
        contexts.retain(|name, context| {
            let is_known = KNOWN.contains(&name.as_str());
            if !is_known && let Some(hidden) = self.scrubber.hides(name).map(Cow::into_owned) {
                *context = Context::Other(Map::from([("value".to_owned(), hidden.into())]));
                return true;
            }
            self.context(context)
        });
        if contexts.keys().any(|name| !KNOWN.contains(&name.as_str())) {
            self.keys(contexts);
        }
    }

    /// Whether it is of a kind that is known.
    fn context(&self, context: &mut Context) -> bool {
        match context {
            Context::Device(device) => self.device(device),
            Context::Os(os) => {
                let OsContext { name, version, build, kernel_version, rooted: _, other } = &mut **os;
                self.text_opt(name);
                for version in [version, build, kernel_version] {
                    self.version(version);
                }
                self.values(other);
            }
            Context::Runtime(runtime) => {
                let RuntimeContext { name, version, other } = &mut **runtime;
                self.text_opt(name);
                self.version(version);
                self.values(other);
            }
            Context::App(app) => self.app(app),
            Context::Browser(browser) => {
                let BrowserContext { name, version, other } = &mut **browser;
                self.text_opt(name);
                self.version(version);
                self.values(other);
            }
            Context::Trace(trace) => self.trace(trace),
            Context::Gpu(gpu) => self.gpu(gpu),
            Context::Otel(otel) => {
                let OtelContext { attributes, resource, other } = &mut **otel;
                for values in [attributes, resource, other] {
                    self.values(values);
                }
            }
            Context::Response(response) => self.response(response),
            Context::Other(values) => self.values(values),
            _ => return false,
        }
        true
    }

    fn trace(&self, trace: &mut TraceContext) {
        let TraceContext { span_id: _, trace_id: _, parent_span_id: _, op, description, status: _, origin, data } =
            trace;
        for text in [op, description, origin] {
            self.text_opt(text);
        }
        self.values(data);
    }

    fn response(&self, response: &mut ResponseContext) {
        let ResponseContext { cookies, headers, status_code: _, body_size: _, data } = response;
        if let Some(cookies) = cookies {
            self.header("cookie", cookies);
        }
        self.headers(headers);
        if let Some(data) = data {
            self.value("", data);
        }
    }

    fn device(&self, device: &mut DeviceContext) {
        let DeviceContext {
            name,
            family,
            model,
            model_id,
            arch,
            battery_level: _,
            orientation: _,
            simulator: _,
            memory_size: _,
            free_memory: _,
            usable_memory: _,
            storage_size: _,
            free_storage: _,
            external_storage_size: _,
            external_free_storage: _,
            boot_time: _,
            timezone,
            other,
        } = device;
        for text in [name, family, model, model_id, arch, timezone] {
            self.text_opt(text);
        }
        self.values(other);
    }

    fn app(&self, app: &mut AppContext) {
        let AppContext {
            app_start_time: _,
            // A hash.
            device_app_hash: _,
            build_type,
            app_identifier,
            app_name,
            app_version,
            app_build,
            other,
        } = app;
        for text in [build_type, app_identifier, app_name] {
            self.text_opt(text);
        }
        self.version(app_version);
        self.version(app_build);
        self.values(other);
    }

    fn gpu(&self, gpu: &mut GpuContext) {
        let GpuContext {
            name,
            version,
            driver_version,
            id,
            vendor_id,
            vendor_name,
            memory_size: _,
            api_type,
            multi_threaded_rendering: _,
            npot_support: _,
            max_texture_size: _,
            graphics_shader_level,
            supports_draw_call_instancing: _,
            supports_ray_tracing: _,
            supports_compute_shaders: _,
            supports_geometry_shaders: _,
            other,
        } = gpu;
        self.text(name);
        for text in [id, vendor_id, vendor_name, api_type, graphics_shader_level] {
            self.text_opt(text);
        }
        self.version(version);
        self.version(driver_version);
        self.values(other);
    }
}
