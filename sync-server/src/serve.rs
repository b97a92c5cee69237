//! Listening, and stopping without dropping anybody's request.

use std::future::{Future, pending};
use std::io;
use std::net::SocketAddr;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::app::App;
use crate::metrics;
use crate::router::router;

/// Serves for ever.
pub async fn serve(app: App, listener: TcpListener) -> io::Result<()> {
    serve_until(app, listener, pending()).await
}

/// Serves what Prometheus reads, and nothing else, for ever.
pub async fn serve_metrics(app: App, listener: TcpListener) -> io::Result<()> {
    axum::serve(listener, metrics::router(app)).await
}

/// Serves until `stop`, then answers what was asked before and ends.
pub async fn serve_until(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    // Without it, two small writes in a row wait 40 ms for each other.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
