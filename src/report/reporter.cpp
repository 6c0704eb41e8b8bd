#include "report/reporter.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "net/http_client.h"
#include "report/console.h"
#include "report/temp_file.h"
#include "report/tracker.h"
#include "report/webhook.h"

namespace ccr::report {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostWaiting = 1000;
constexpr auto kLastSecond = 1s;
constexpr auto kLookAgain = 10ms;

// Signals are the main thread's.
void block_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

std::string temporary_directory(const config::Environment& environment) {
    for (const char* name : {"TMPDIR", "TMP", "TEMP"}) {
        std::string path = environment(name).value_or("");
        while (path.size() > 1 && path.ends_with('/')) path.pop_back();
        if (!path.empty()) return path;
    }
    return "/tmp";
}

class Reporter::Impl {
  public:
    Impl(std::function<config::ConfigPtr()> config, std::string directory)
        : config_(std::move(config)), directory_(std::move(directory)) {}
    ~Impl();
    void hear(const event::Event& event);

  private:
    void queue(Record record);
    void drain();
    void use(const config::Config& config);
    std::shared_ptr<Outlet> outlet_for(const config::SpeedOutput& output, const std::string& proxy);
    void end_when_idle();

    const std::function<config::ConfigPtr()> config_;
    const std::string directory_;
    Tracker tracker_;
    std::mutex mutex_;
    // Guarded by mutex_:
    std::deque<Record> waiting_;
    bool is_scheduled_ = false, is_behind_ = false;
    std::thread thread_;
    // Of that thread; the context outlives the client, whose transfers are among its coroutines.
    net::asio::io_context context_{1};
    net::asio::executor_work_guard<net::asio::io_context::executor_type> guard_ =
        net::asio::make_work_guard(context_);
    net::HttpClient client_{context_};
    net::asio::steady_timer timer_{context_};
    config::TokenSpeed speed_;
    std::string proxy_;
    std::vector<std::shared_ptr<Outlet>> outlets_, leaving_;
    net::Deadline end_by_ = net::kNever;
};

void Reporter::Impl::hear(const event::Event& event) {
    if (const auto* routed = std::get_if<event::Routed>(&event)) {
        if (!routed->session.empty() && config_()->token_speed.enabled)
            tracker_.begin(routed->request, routed->session);
        return;
    }
    if (tracker_.is_empty()) return;
    if (auto record = tracker_.hear(event)) queue(*std::move(record));
}

void Reporter::Impl::queue(Record record) {
    const std::lock_guard lock(mutex_);
    // Of an answer under way only the latest word is news.
    std::erase_if(waiting_, [&record](const Record& older) {
        return !older.is_final && older.request == record.request;
    });
    if (waiting_.size() >= kMostWaiting) {
        waiting_.pop_front();
        if (!std::exchange(is_behind_, true))
            log::warn("token-speed does not keep up; its oldest records are dropped");
    }
    waiting_.push_back(std::move(record));
    if (std::exchange(is_scheduled_, true)) return;
    net::asio::post(context_, [this] { drain(); });
    if (thread_.joinable()) return;
    thread_ = std::thread([this] {
        block_signals();
        context_.run();
    });
}

void Reporter::Impl::drain() {
    std::deque<Record> records;
    {
        const std::lock_guard lock(mutex_);
        records.swap(waiting_);
        is_scheduled_ = is_behind_ = false;
    }
    use(*config_());
    for (const Record& record : records) {
        for (const auto& outlet : outlets_) outlet->take(record);
    }
}

// What is under way at handlers that are no longer wanted still has its time at the end.
void Reporter::Impl::use(const config::Config& config) {
    if (config.token_speed == speed_ && config.proxy == proxy_) return;
    std::erase_if(leaving_, [](const auto& outlet) { return outlet->is_idle(); });
    std::ranges::move(outlets_, std::back_inserter(leaving_));
    outlets_.clear();
    speed_ = config.token_speed;
    proxy_ = config.proxy;
    if (!speed_.enabled) return;
    for (const config::SpeedOutput& output : speed_.outputs)
        outlets_.push_back(outlet_for(output, proxy_));
}

std::shared_ptr<Outlet> Reporter::Impl::outlet_for(const config::SpeedOutput& output,
                                                   const std::string& proxy) {
    if (const auto* console = std::get_if<config::ConsoleOutput>(&output.to))
        return std::make_shared<Console>(speed_, *console);
    if (const auto* file = std::get_if<config::FileOutput>(&output.to))
        return std::make_shared<TempFile>(directory_, *file);
    Webhook::Settings settings{output.name, std::get<config::WebhookOutput>(output.to), speed_,
                               proxy};
    return std::make_shared<Webhook>(context_, client_, std::move(settings));
}

void Reporter::Impl::end_when_idle() {
    const auto is_idle = [](const auto& outlet) { return outlet->is_idle(); };
    const bool is_done =
        std::ranges::all_of(outlets_, is_idle) && std::ranges::all_of(leaving_, is_idle);
    if (is_done || net::Clock::now() >= end_by_) return context_.stop();
    timer_.expires_after(kLookAgain);
    timer_.async_wait([this](const boost::system::error_code& failed) {
        if (!failed) end_when_idle();
    });
}

Reporter::Impl::~Impl() {
    if (!thread_.joinable()) return;
    net::asio::post(context_, [this] {
        end_by_ = net::Clock::now() + kLastSecond;
        end_when_idle();
    });
    thread_.join();
}

Reporter::Reporter(std::function<config::ConfigPtr()> config, std::string directory)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(directory))) {}
Reporter::~Reporter() = default;

void Reporter::hear(const event::Event& event) {
    impl_->hear(event);
}

}  // namespace ccr::report
