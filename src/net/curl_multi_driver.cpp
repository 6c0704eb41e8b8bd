#include "net/curl_multi_driver.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "net/client_request.h"
#include "net/curl_library.h"
#include "net/transfer_error.h"

namespace ccr::net {

namespace {

constexpr long kPooledConnections = 512;
constexpr std::size_t kSpareHandles = 64;

}  // namespace

// libcurl 7.88 looks for idle connections whose upstream has left, or that are too old, only when a
// transfer begins (prune_dead_connections in its url.c). So one begins that opens no connection.
class CurlMultiDriver::Pruning final : public CurlJob {
  public:
    explicit Pruning(CurlMultiDriver& driver) : driver_(driver), easy_(curl().easy_init()) {
        if (easy_ == nullptr) return;
        curl().easy_setopt(easy_, CURLOPT_URL, "http://127.0.0.1:9/");
        curl().easy_setopt(easy_, CURLOPT_NOPROXY, "*");
        curl().easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 1L);
        curl().easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Pruning::open_nothing);
        curl().easy_setopt(easy_, CURLOPT_MAXAGE_CONN, static_cast<long>(kPooledTime.count()));
        curl().easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    }
    ~Pruning() override { curl().easy_cleanup(easy_); }
    Pruning(const Pruning&) = delete;
    Pruning& operator=(const Pruning&) = delete;

    bool running() const { return running_; }
    void start() { running_ = easy_ != nullptr && driver_.enter(easy_, *this); }
    void on_done(CURLcode) override { on_close(); }
    void on_close() override {
        driver_.remove(easy_, *this);
        running_ = false;
    }

  private:
    static curl_socket_t open_nothing(void*, curlsocktype, curl_sockaddr*) {
        return CURL_SOCKET_BAD;
    }

    CurlMultiDriver& driver_;
    CURL* easy_;
    bool running_ = false;
};

CurlMultiDriver::CurlMultiDriver(asio::io_context& context)
    : context_(context), timer_(context), prune_timer_(context) {}

CurlMultiDriver::~CurlMultiDriver() {
    close();
}

Result<void> CurlMultiDriver::open() {
    TRY_DO(load_curl());
    multi_ = curl().multi_init();
    if (multi_ == nullptr) return fail(ErrorKind::internal, "Out of memory.");
    share_ = curl().share_init();
    curl().share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    curl().multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMultiDriver::on_socket);
    curl().multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl().multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMultiDriver::on_timer);
    curl().multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl().multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kPooledConnections);
    // One HTTP/2 stream per connection. When streams share one, 7.88 does not send the RST_STREAM
    // of a cancelled stream (it stays in a buffer that the sibling rarely empties), and one reader
    // that stands still holds up what its siblings could read.
    curl().multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    return {};
}

Result<CURL*> CurlMultiDriver::take_handle() {
    if (closed_) return std::unexpected(client_closed());
    if (multi_ == nullptr) {
        TRY_DO(open());
    }
    CURL* easy = nullptr;
    if (spare_.empty()) {
        easy = curl().easy_init();
    } else {
        easy = spare_.back();
        spare_.pop_back();
    }
    if (easy == nullptr) return fail(ErrorKind::internal, "Out of memory.");
    curl().easy_setopt(easy, CURLOPT_SHARE, share_);
    return easy;
}

void CurlMultiDriver::recycle(CURL* easy) {
    if (multi_ == nullptr || spare_.size() >= kSpareHandles) {
        curl().easy_cleanup(easy);
        return;
    }
    curl().easy_reset(easy);
    spare_.push_back(easy);
}

bool CurlMultiDriver::add(CURL* easy, CurlJob& job) {
    if (!enter(easy, job)) return false;
    used_at_ = Clock::now();
    prune_later();
    return true;
}

bool CurlMultiDriver::enter(CURL* easy, CurlJob& job) {
    if (multi_ == nullptr) return false;
    curl().easy_setopt(easy, CURLOPT_PRIVATE, &job);
    if (curl().multi_add_handle(multi_, easy) != CURLM_OK) return false;
    job.slot_ = jobs_.size();
    jobs_.push_back(&job);
    return true;
}

void CurlMultiDriver::remove(CURL* easy, CurlJob& job) {
    curl().multi_remove_handle(multi_, easy);
    jobs_.back()->slot_ = job.slot_;
    jobs_[job.slot_] = jobs_.back();
    jobs_.pop_back();
}

void CurlMultiDriver::cancel(CURL* easy, CurlJob& job) {
    // Without this, 7.88 keeps the connection of a cancelled HTTP/2 stream and tells the upstream
    // nothing.
    curl().easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    remove(easy, job);
    curl().easy_cleanup(easy);
}

// Goes on for as long as a connection may be idle.
void CurlMultiDriver::prune_later() {
    if (std::exchange(prunes_soon_, true)) return;
    prune_timer_.expires_after(kPruneTime);
    prune_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (self && !error) self->prune();
    });
}

void CurlMultiDriver::prune() {
    prunes_soon_ = false;
    if (multi_ == nullptr) return;
    if (!pruning_) pruning_ = std::make_unique<Pruning>(*this);
    const auto now = Clock::now();
    if (!jobs_.empty()) used_at_ = now;
    if (!pruning_->running()) pruning_->start();
    if (now < used_at_ + kPooledTime + 2 * kPruneTime) prune_later();
}

void CurlMultiDriver::close() {
    closed_ = true;
    if (multi_ == nullptr) return;
    while (!jobs_.empty()) jobs_.back()->on_close();
    pruning_.reset();
    prune_timer_.cancel();
    CURLM* multi = std::exchange(multi_, nullptr);
    for (CURL* easy : spare_) curl().easy_cleanup(easy);
    spare_.clear();
    curl().multi_cleanup(multi);
    curl().share_cleanup(share_);
    for (auto& [socket, watch] : watches_) watch->release();
    watches_.clear();
    due_ = armed_for_ = kNever;
    timer_.cancel();
}

int CurlMultiDriver::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* watch) {
    static_cast<CurlMultiDriver*>(self)->watch(socket, what, static_cast<SocketWatch*>(watch));
    return 0;
}

void CurlMultiDriver::watch(curl_socket_t socket, int what, SocketWatch* known) {
    if (what == CURL_POLL_REMOVE) {
        if (known != nullptr) known->release();
        watches_.erase(socket);
        return;
    }
    if (known == nullptr) {
        // The watch is released before the driver goes, so the bare pointer cannot dangle.
        auto fresh = std::make_shared<SocketWatch>(
            context_, [this](int ready, int events) { act(ready, events); });
        if (!fresh->open(socket)) return;
        known = fresh.get();
        watches_[socket] = std::move(fresh);
        curl().multi_assign(multi_, socket, known);
    }
    known->want((what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0);
}

int CurlMultiDriver::on_timer(CURLM*, long milliseconds, void* opaque) {
    auto* self = static_cast<CurlMultiDriver*>(opaque);
    if (milliseconds < 0) {
        self->due_ = kNever;
    } else if (milliseconds == 0) {
        self->due_ = kNever;
        self->post_action();
    } else {
        self->due_ = Clock::now() + std::chrono::milliseconds(milliseconds);
        self->arm_timer();
    }
    return 0;
}

void CurlMultiDriver::post_action() {
    if (std::exchange(posted_, true)) return;
    asio::post(context_, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->posted_ = false;
        self->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void CurlMultiDriver::arm_timer() {
    // libcurl moves its time at almost every step, mostly away: a timer that fires too early is
    // cheaper than one that is set anew each time.
    if (armed_for_ <= due_) return;
    armed_for_ = due_;
    timer_.expires_at(due_);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self) return;
        self->armed_for_ = kNever;
        if (self->due_ == kNever) return;
        if (Clock::now() < self->due_) return self->arm_timer();
        self->due_ = kNever;
        self->act(CURL_SOCKET_TIMEOUT, 0);
    });
}

void CurlMultiDriver::act(curl_socket_t socket, int events) {
    if (multi_ == nullptr) return;
    int running = 0;
    curl().multi_socket_action(multi_, socket, events, &running);
    collect_results();
}

void CurlMultiDriver::collect_results() {
    int left = 0;
    while (CURLMsg* message = curl().multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode result = message->data.result;
        CurlJob* job = nullptr;
        curl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
        job->on_done(result);
    }
}

}  // namespace ccr::net
