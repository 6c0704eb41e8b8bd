#include "base/error.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace ccr {
namespace {

constexpr int kKinds = static_cast<int>(ErrorKind::internal) + 1;

TEST(Error, every_kind_has_a_name_of_its_own_and_an_error_status) {
    std::set<std::string_view> names;
    for (int i = 0; i < kKinds; ++i) {
        const auto kind = static_cast<ErrorKind>(i);
        const KindTraits& traits = traits_of(kind);
        EXPECT_EQ(traits.kind, kind);
        EXPECT_TRUE(names.insert(traits.name).second) << traits.name;
        EXPECT_GE(traits.status, 400) << traits.name;
        EXPECT_LE(traits.status, 599) << traits.name;
        EXPECT_FALSE(traits.anthropic_type.empty()) << traits.name;
        EXPECT_FALSE(traits.openai_type.empty()) << traits.name;
    }
}

TEST(Error, make_error_takes_the_defaults_of_its_kind) {
    for (int i = 0; i < kKinds; ++i) {
        const auto kind = static_cast<ErrorKind>(i);
        const Error error = make_error(kind, "what");
        EXPECT_EQ(error.kind, kind);
        EXPECT_EQ(error.status, traits_of(kind).status);
        EXPECT_EQ(error.fault, traits_of(kind).fault);
        EXPECT_EQ(error.retry, traits_of(kind).retry);
        EXPECT_EQ(error.message, "what");
    }
}

TEST(Error, another_target_is_tried_only_for_faults_that_are_not_the_clients_words) {
    for (int i = 0; i < kKinds; ++i) {
        const KindTraits& traits = traits_of(static_cast<ErrorKind>(i));
        const bool other_model_may_help = traits.kind == ErrorKind::context_overflow;
        if (traits.fault == Fault::client && !other_model_may_help) {
            EXPECT_EQ(traits.retry, Retry::no) << traits.name;
        }
        if (traits.fault == Fault::upstream) {
            EXPECT_NE(traits.retry, Retry::no) << traits.name;
        }
    }
}

TEST(Error, every_provider_status_has_a_kind_and_a_5xx_is_never_the_clients_fault) {
    for (int status = 400; status <= 599; ++status) {
        const KindTraits& traits = traits_of(kind_of_status(status));
        if (status >= 500) {
            EXPECT_EQ(traits.fault, Fault::upstream) << status;
        }
    }
    EXPECT_EQ(kind_of_status(429), ErrorKind::rate_limit);
    EXPECT_EQ(kind_of_status(529), ErrorKind::overloaded);
    EXPECT_EQ(kind_of_status(401), ErrorKind::authentication);
}

Result<std::unique_ptr<int>> half(int number) {
    if (number % 2 != 0) return fail(ErrorKind::invalid_request, "odd");
    return std::make_unique<int>(number / 2);
}
Result<int> quarter(int number) {
    TRY(std::unique_ptr<int> first, half(number));
    TRY(auto second, half(*first));
    return *second;
}
Result<void> both_even(int a, int b) {
    TRY_DO(half(a));
    TRY_DO(half(b));
    return {};
}

TEST(Error, try_hands_on_values_that_only_move_and_the_first_error) {
    EXPECT_EQ(quarter(12).value(), 3);
    ASSERT_FALSE(quarter(6).has_value());
    EXPECT_EQ(quarter(6).error().message, "odd");
    EXPECT_TRUE(both_even(2, 4).has_value());
    EXPECT_FALSE(both_even(2, 3).has_value());
    EXPECT_FALSE(both_even(1, 4).has_value());
}

}  // namespace
}  // namespace ccr
