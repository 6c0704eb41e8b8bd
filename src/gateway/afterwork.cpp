#include "gateway/afterwork.h"

#include <boost/asio/post.hpp>
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

struct Afterwork::Pile {
    std::vector<Work> left;

    // What is left meanwhile has turns of its own.
    void do_all() {
        auto all = std::exchange(left, {});
        for (Work& work : all) attempt(work);
    }
};

Afterwork::Afterwork(net::asio::io_context& context)
    : context_(context), pile_(std::make_shared<Pile>()) {}

Afterwork::~Afterwork() {
    while (!pile_->left.empty()) pile_->do_all();
}

void Afterwork::leave(Work work) {
    pile_->left.push_back(std::move(work));
    if (pile_->left.size() > 1) return;
    net::asio::post(context_, [&context = context_, pile = std::weak_ptr(pile_)] {
        net::asio::post(context, [pile] {
            if (const auto still = pile.lock()) still->do_all();
        });
    });
}

}  // namespace ccr::gateway
