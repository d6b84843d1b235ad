/// Whether a path is one of those that machines ask for and no person waits for.
pub(crate) fn is_standard(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    let Some(path) = path.strip_prefix('/') else { return false };
    let first = path.split('/').next().unwrap_or(path);
    match first {
        "docs"
        | "redoc"
        | "swagger"
        | "swagger-ui"
        | "api-docs"
        | "grpc.health.v1.Health"
        | "grpc.reflection.v1.ServerReflection"
        | "grpc.reflection.v1alpha.ServerReflection" => true,
        _ => matches!(
            path,
            "health"
                | "healthz"
                | "health/live"
                | "health/ready"
                | "live"
                | "livez"
                | "liveness"
                | "ready"
                | "readyz"
                | "readiness"
                | "ping"
                | "-/healthy"
                | "-/ready"
                | "metrics"
                | "openapi.json"
                | "openapi.yaml"
                | "favicon.ico"
                | "robots.txt"
        ),
    }
}
