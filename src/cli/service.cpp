#include "cli/service.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include "base/heap.h"
#include "base/log.h"
#include "base/redact.h"
#include "cli/control_server.h"
#include "cli/farewell.h"
#include "cli/log_settings.h"
#include "cli/paths.h"
#include "cli/quiet_trim.h"
#include "cli/sd_notify.h"
#include "cli/upstream_library.h"
#include "cli/worker_threads.h"
#include "demo/demo.h"
#include "gateway/gateway.h"
#include "report/reporter.h"
#include "store/cards.h"

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 20ms;
constexpr auto kBurstEnd = 1s;
constexpr auto kQuiet = 30s;
constexpr auto kStateTime = 500ms;  // what was learned is there for the first request
constexpr std::size_t kMostThreads = 4;

std::size_t thread_count() {
    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    return std::min(cores, kMostThreads);
}

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void load_ahead(const config::Config& config) {
    const auto loaded = load_upstream_library(config);
    if (!loaded) log::error(loaded.error().message);
}

void warn(const std::string& message) {
    log::warn(message);
}

// What providers' lists and `ccr doctor` said of models.
config::ConfigStore::Complete with_windows(const std::string& state_file) {
    return [state_file](config::Config& config) { store::add_learned(state_file, config); };
}

}  // namespace

class Service::Impl {
  public:
    Impl(Service& service, ServiceSettings settings)
        : service_(service),
          settings_(std::move(settings)),
          workers_(thread_count()),
          store_(settings_.config, settings_.environment, with_windows(settings_.state_file)),
          projects_(paths_of(settings_.environment).user_home + "/.claude/projects",
                    paths_of(settings_.environment).home, settings_.environment, warn),
          presets_(paths_of(settings_.environment).home, settings_.environment,
                   with_windows(settings_.state_file), warn),
          listeners_(std::move(settings_.inherited)),
          memory_(settings_.state_file) {}

    Result<void> open();
    bool run();
    void begin_stop(const std::string& reason);
    Result<net::Answer> handover();
    bool handed_over_by(std::string_view instance);
    bool is_handed_over() const { return farewell_.is_handed_over(); }
    Result<void> reload() { return store_.reload(); }
    void read_windows() { store_.complete_again(); }
    ServiceStatus status() const;
    gateway::LessonBook& lessons() { return memory_.lessons; }
    gateway::Homes& homes() { return memory_.homes; }
    gateway::Sessions& sessions() { return memory_.sessions; }
    std::string plugins() const {
        return plugin::plugins_json(*store_.get(), memory_.scripts.get());
    }
    gateway::Stops& stops() { return stops_; }

  private:
    Result<void> open_gateway();
    void watch_config();
    void on_change(const config::ConfigStore::Change& change);
    void wait_for_signal();
    void on_signal(int number);
    void drain();
    void close_connections();
    void end();

    Service& service_;
    ServiceSettings settings_;
    std::int64_t started_at_ = now_ms();
    const std::string manager_ = manager_socket();
    net::asio::io_context main_{1};
    net::asio::signal_set signals_{main_, SIGINT, SIGTERM, SIGHUP};
    net::asio::steady_timer timer_{main_};
    QuietTrim burst_trim_{main_, kBurstEnd, give_back_much_freed_memory};
    QuietTrim quiet_trim_{main_, kQuiet, give_back_freed_memory};
    WorkerThreads workers_;
    mutable std::mutex mutex_;
    std::vector<std::string> needs_restart_;  // guarded by mutex_: set by the store's own thread
    config::ConfigStore store_;
    config::ProjectRoutings projects_;
    manifest::PresetConfigs presets_;
    Listeners listeners_;  // opened before the workers start
    const bool had_terminal_ = ::isatty(STDIN_FILENO) == 1;
    Farewell farewell_;
    bool clean_ = true;
    gateway::Memory memory_;
    gateway::Stops stops_;
    std::optional<report::Reporter> reporter_{std::in_place, [this] { return store_.get(); },
                                              report::temporary_directory(settings_.environment)};
    // Servers end before the gateway that they call.
    std::optional<gateway::Gateway> gateway_;
    std::optional<net::HttpServer> demo_, server_, control_;
};

Result<void> Service::Impl::open_gateway() {
    demo_.emplace(workers_.contexts(), net::ServerLimits(), demo::handler(settings_.demo_advice),
                  demo::refusal_writer());
    TRY(const std::uint16_t demo_port, demo_->listen_tcp("127.0.0.1", 0));
    gateway::GatewayOptions options;
    options.config = [this] { return store_.get(); };
    options.demo_url = fmt::format("http://127.0.0.1:{}", demo_port);
    options.port = [this] { return listeners_.port(); };
    options.memory = &memory_;
    options.projects = &projects_;
    options.presets = &presets_;
    options.stops = &stops_;
    options.listener = [this](const event::Event& event) {
        burst_trim_.hear(event);
        quiet_trim_.hear(event);
        if (reporter_) reporter_->hear(event);
    };
    gateway_.emplace(workers_.contexts(), std::move(options));
    net::ServerLimits limits;
    limits.body_bytes = settings_.config->limits.buffered;
    server_.emplace(workers_.contexts(), limits, gateway_->handler(), gateway_->refusal_writer());
    return listeners_.open(settings_.config->listen, *server_);
}

Result<void> Service::Impl::open() {
    TRY_DO(open_gateway());
    memory_.state.wait_loaded(kStateTime);
    control_.emplace(std::vector<net::asio::io_context*>{&main_}, net::ServerLimits(),
                     control_handler(service_), control_refusal());
    return listeners_.open_control(settings_.control_socket, *control_);
}

void Service::Impl::watch_config() {
    store_.watch(
        [this](const config::ConfigStore::Change& change) { on_change(change); },
        [](const Error& error) {
            log::error(
                "the configuration was changed but cannot be read; the old one stays in force",
                {{"err", error.message}});
        });
}

void Service::Impl::on_change(const config::ConfigStore::Change& change) {
    // Requests under way still carry the old keys.
    std::vector<std::string> secrets = change.before->secrets;
    secrets.insert(secrets.end(), change.now->secrets.begin(), change.now->secrets.end());
    redact::set_secrets(std::move(secrets));
    log::set_level(log_level(change.now->logging.level));
    {
        const std::lock_guard lock(mutex_);
        needs_restart_ = change.needs_restart;
    }
    ServiceStatus now;
    describe_config(*change.now, now);
    log::info("the configuration was changed and is in force",
              {{"file", change.now->file},
               {"providers", static_cast<std::int64_t>(now.providers.size())},
               {"default", now.default_model},
               {"findings", static_cast<std::int64_t>(now.findings.size())}});
    log_findings(now.findings);
    load_ahead(*change.now);
    for (const std::string& key : change.needs_restart) {
        log::warn(fmt::format("{} was changed; it takes effect at the next `ccr restart`", key));
    }
}

void Service::Impl::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& failed, int number) {
        if (failed) return;
        on_signal(number);
        wait_for_signal();
    });
}

void Service::Impl::on_signal(int number) {
    if (number == SIGHUP && had_terminal_ && ::isatty(STDIN_FILENO) == 0) {
        begin_stop("the terminal was closed");
        return;
    }
    if (number == SIGHUP) {
        const auto reloaded = reload();
        if (!reloaded)
            log::error("the configuration cannot be read; the old one stays",
                       {{"err", reloaded.error().message}});
        return;
    }
    farewell_.hurry(net::Clock::now(), store_.get()->drain);
    begin_stop(number == SIGINT ? "interrupted" : "terminated");
}

void Service::Impl::begin_stop(const std::string& reason) {
    if (farewell_.has_begun()) return;
    const auto grace = store_.get()->drain;
    farewell_.begin(net::Clock::now(), grace);
    log::info("stopping", {{"reason", reason},
                           {"active", static_cast<std::int64_t>(server_->active())},
                           {"drain_ms", static_cast<std::int64_t>(grace.count())}});
    listeners_.let_go();
    tell_manager(manager_, "STOPPING=1");
    server_->stop_accepting(net::Ending::stop);
    drain();
}

Result<net::Answer> Service::Impl::handover() {
    if (farewell_.has_begun()) return fail(ErrorKind::not_found, "This service is ending.");
    // What was learned is there for the successor to read.
    memory_.state.flush();
    return handover_answer(listeners_.estate(settings_.instance, settings_.locks));
}

bool Service::Impl::handed_over_by(std::string_view instance) {
    if (farewell_.has_begun() || instance != settings_.instance) return false;
    farewell_.begin_after_handover(net::Clock::now());
    log::info("handed over to a new process; ending when the requests under way have",
              {{"active", static_cast<std::int64_t>(server_->active())}});
    server_->stop_accepting(net::Ending::handed_over);
    control_->stop_accepting(net::Ending::handed_over);
    listeners_.let_go();
    settings_.let_go();
    drain();
    return true;
}

void Service::Impl::drain() {
    const auto now = net::Clock::now();
    if (farewell_.may_close(now, {server_->active(), server_->connections()})) {
        farewell_.close_at(now);
        close_connections();
    }
    if (farewell_.is_over(now, server_->active())) return end();
    timer_.expires_after(kLookAgain);
    timer_.async_wait([this](const boost::system::error_code& failed) {
        if (!failed) drain();
    });
}

void Service::Impl::close_connections() {
    server_->close();
    // Not before: requests under way may still ask the demo.
    demo_->close();
}

void Service::Impl::end() {
    clean_ = server_->active() == 0;
    if (!clean_) log::warn("some requests did not end in time");
    main_.stop();
}

bool Service::Impl::run() {
    wait_for_signal();
    workers_.start();
    watch_config();
    std::jthread loading;
    if (needs_upstream_library(*settings_.config))
        loading = std::jthread([config = settings_.config] { load_ahead(*config); });
    main_.run();
    control_->close();
    workers_.stop();
    gateway_->finish();
    reporter_.reset();  // while there is a log for what its handlers come to
    memory_.state.flush();
    return clean_;
}

ServiceStatus Service::Impl::status() const {
    const config::ConfigPtr config = store_.get();
    ServiceStatus status;
    status.instance = settings_.instance;
    status.state = farewell_.has_begun() ? "stopping" : "ready";
    status.pid = ::getpid();
    status.version = CCR_VERSION;
    status.host = settings_.config->listen.host;
    status.port = listeners_.port();
    status.configured_port = settings_.config->listen.port;
    status.port_is_explicit = settings_.port_is_explicit;
    status.endpoint = endpoint_of(status.host, status.port);
    status.started_at = started_at_;
    status.config_file = settings_.config->file;
    const auto as_it_is = config::load_config(status.config_file, settings_.environment);
    if (!as_it_is) status.config_error = as_it_is.error().message;
    status.active_requests = server_->active();
    status.unix_socket = settings_.config->listen.unix_path;
    status.tls = tls_endpoint(settings_.config->listen);
    status.before = settings_.before;
    status.hands_over = true;
    status.drain_ms = config->drain.count();
    describe_config(*config, status);
    const std::lock_guard lock(mutex_);
    status.needs_restart = needs_restart_;
    return status;
}

Service::Service(ServiceSettings settings)
    : impl_(std::make_unique<Impl>(*this, std::move(settings))) {}
Service::~Service() = default;
Result<void> Service::open() {
    return impl_->open();
}
bool Service::run() {
    return impl_->run();
}
void Service::begin_stop(const std::string& reason) {
    impl_->begin_stop(reason);
}
Result<net::Answer> Service::handover() {
    return impl_->handover();
}
bool Service::handed_over_by(std::string_view instance) {
    return impl_->handed_over_by(instance);
}
bool Service::is_handed_over() const {
    return impl_->is_handed_over();
}
Result<void> Service::reload() {
    return impl_->reload();
}
void Service::read_windows() {
    impl_->read_windows();
}
ServiceStatus Service::status() const {
    return impl_->status();
}
gateway::LessonBook& Service::lessons() {
    return impl_->lessons();
}
gateway::Sessions& Service::sessions() {
    return impl_->sessions();
}
gateway::Stops& Service::stops() {
    return impl_->stops();
}

std::string Service::plugins() const {
    return impl_->plugins();
}
gateway::Homes& Service::homes() {
    return impl_->homes();
}

}  // namespace ccr::cli
