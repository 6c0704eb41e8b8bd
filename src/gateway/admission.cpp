#include "gateway/admission.h"

#include <fmt/format.h>

#include "gateway/door.h"

namespace ccr::gateway {
namespace {

// Longer than our own retries wait: the next try is the client's.
constexpr std::chrono::seconds kRetryAfter{10};

Places::Bounds bounds_of(const config::Limits& limits, std::size_t most) {
    return {most, limits.queue, limits.queue_time};
}

std::unexpected<Error> refused(ErrorKind kind, Places::Refusal why, const std::string& what,
                               const config::Limits& limits) {
    if (why == Places::Refusal::client_gone)
        return fail(ErrorKind::client_gone, "The client left before its request had a place.");
    Error error = make_error(
        kind,
        why == Places::Refusal::queue_full
            ? fmt::format("{}, and {} more wait; send this one again later.", what, limits.queue)
            : fmt::format("{}, and none ended within {} ms; send this one again later.", what,
                          limits.queue_time.count()));
    error.fault = Fault::gateway;
    error.retry_after = kRetryAfter;
    return std::unexpected(std::move(error));
}

}  // namespace

net::Task<Result<Places::Place>> place_of_client(net::Exchange& exchange,
                                                 const config::Config& config, Places& places) {
    const std::size_t most = config.limits.per_client;
    if (most == 0) co_return Places::Place();
    const std::vector<std::string> keys = presented_keys(exchange.head());
    std::string client = keys.empty() ? std::string() : keys.front();
    auto place = co_await places.take(std::move(client), bounds_of(config.limits, most), exchange);
    if (place) co_return *std::move(place);
    co_return refused(ErrorKind::rate_limit, place.error(),
                      fmt::format("{} requests with this client key are under way, as many as "
                                  "limits.per_client allows",
                                  most),
                      config.limits);
}

net::Task<Result<Places::Place>> place_at_provider(Call& call, const config::Provider& provider) {
    const config::Limits& limits = call.config->limits;
    const std::size_t most = provider.most_requests.value_or(limits.per_provider);
    if (most == 0) co_return Places::Place();
    std::string name = provider.name;
    auto place = co_await call.memory.provider_places.take(std::move(name), bounds_of(limits, most),
                                                           call.exchange);
    if (place) co_return *std::move(place);
    co_return refused(ErrorKind::overloaded, place.error(),
                      fmt::format("{} requests to {} are under way, as many as its limit allows",
                                  most, provider.name),
                      limits);
}

}  // namespace ccr::gateway
