#include "auth/google_tokens.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>

#include "base/redact.h"

namespace ccr::auth {
namespace {

namespace asio = net::asio;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kRenewBefore{5};
constexpr seconds kUsable{20};  // what is left of a token must last for the request's first bytes

/// One fetch under way and those who wait for it.
struct Flight {
    explicit Flight(asio::io_context& context) : done(context, net::kNever) {}
    asio::steady_timer done;  // never expires; cancelled when the outcome is there
    std::optional<Result<std::string>> outcome;
};

struct Kept {
    std::string token;
    WallTime ends;
    std::shared_ptr<Flight> flight;
};

}  // namespace

struct GoogleTokens::State {
    State(asio::io_context& where, Fetch how, Now clock)
        : context(where), fetch(std::move(how)), now(std::move(clock)) {}

    asio::io_context& context;
    Fetch fetch;
    Now now;
    std::unordered_map<std::string, Kept> kept;  // by identity; as many as there are key files

    bool lasts(const Kept& entry, seconds more) const {
        return !entry.token.empty() && entry.ends - now() > more;
    }
    static net::Task<Result<AccessToken>> renew(std::shared_ptr<State> self,
                                                GoogleCredentials credentials, std::string proxy);
    static net::Task<void> fly(std::shared_ptr<State> self, GoogleCredentials credentials,
                               std::string proxy, std::shared_ptr<Flight> flight);
    void land(Kept& entry, Result<AccessToken> got);
};

net::Task<Result<AccessToken>> GoogleTokens::State::renew(std::shared_ptr<State> self,
                                                          GoogleCredentials credentials,
                                                          std::string proxy) {
    CO_TRY(TokenRequest request, token_request(credentials, self->now()));
    CO_TRY(const TokenAnswer answer, co_await self->fetch(std::move(request), std::move(proxy)));
    co_return read_token_answer(credentials, answer, self->now());
}

/// Keeps a new token. An old one that still lasts a little bridges a failure of Google's.
void GoogleTokens::State::land(Kept& entry, Result<AccessToken> got) {
    if (got) {
        redact::add_presented(got->value);
        entry.token = std::move(got->value);
        entry.ends = now() + got->lives;
        entry.flight->outcome = entry.token;
    } else if (lasts(entry, kUsable)) {
        entry.flight->outcome = entry.token;
    } else {
        entry.flight->outcome = std::unexpected(std::move(got).error());
    }
}

net::Task<void> GoogleTokens::State::fly(std::shared_ptr<State> self, GoogleCredentials credentials,
                                         std::string proxy, std::shared_ptr<Flight> flight) {
    const std::string identity = credentials.identity();
    auto got = co_await renew(self, std::move(credentials), std::move(proxy));
    Kept& entry = self->kept[identity];
    self->land(entry, std::move(got));
    entry.flight.reset();
    flight->done.cancel();
}

GoogleTokens::GoogleTokens(asio::io_context& context, Fetch fetch, Now now)
    : state_(std::make_shared<State>(context, std::move(fetch), std::move(now))) {}
GoogleTokens::~GoogleTokens() = default;

net::Task<Result<std::string>> GoogleTokens::token(GoogleCredentials credentials,
                                                   std::string proxy) {
    const std::shared_ptr<State> state = state_;
    Kept& entry = state->kept[credentials.identity()];
    if (state->lasts(entry, kRenewBefore)) co_return entry.token;
    std::shared_ptr<Flight> flight = entry.flight;
    if (!flight) {
        flight = entry.flight = std::make_shared<Flight>(state->context);
        auto task = State::fly(state, std::move(credentials), std::move(proxy), flight);
        asio::co_spawn(state->context, std::move(task), asio::detached);
    }
    while (!flight->outcome) {
        boost::system::error_code woken;
        co_await flight->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    co_return *flight->outcome;
}

void GoogleTokens::refuse(const GoogleCredentials& credentials, std::string_view token) {
    const auto found = state_->kept.find(credentials.identity());
    if (found != state_->kept.end() && found->second.token == token) found->second.token.clear();
}

}  // namespace ccr::auth
