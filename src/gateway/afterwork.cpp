#include "gateway/afterwork.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace ccr::gateway {
namespace {

void attempt(Afterwork::Work& work) {
    try {
        work();
    } catch (const std::exception& failure) {
        log::error("what is done after a request has failed", {{"err", failure.what()}});
    }
}

}  // namespace

void Afterwork::finish() {
    while (!left_.empty()) do_all();
}

void Afterwork::leave(Work work) {
    left_.push_back(std::move(work));
    if (is_due_) return;
    timer_.expires_after(delay_);
    // A timer that has run out cannot be cancelled any more.
    timer_.async_wait([this, there = std::weak_ptr(is_there_)](const boost::system::error_code&) {
        if (!there.expired()) do_all();
    });
    is_due_ = true;
}

// What is left meanwhile has a time of its own.
void Afterwork::do_all() {
    is_due_ = false;
    auto all = std::exchange(left_, {});
    for (Work& work : all) attempt(work);
}

}  // namespace ccr::gateway
