// OwnGateway: requests of our own to one model, on the very path that a client's requests take,
// within this process.
//
// Blocking; one thread. Real requests: they cost tokens.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "gateway/lesson_book.h"

namespace ccr::doctor {

struct ToolUse {
    std::string name;
    std::string arguments;  // JSON
};

/// The kind of a reply that a defect of ccr's own stands in the place of.
inline constexpr std::string_view kDefect = "defect";

/// What came, as a client would see it.
struct Reply {
    int status = 0;             // 0 = the answer broke off
    std::string kind, message;  // Anthropic's error.type and what went wrong; "" = nothing did
    bool began = false;         // content came, or the whole answer
    std::string text;
    std::vector<ToolUse> calls;
    bool has_thoughts = false;
    bool is_cut = false;             // by max_tokens
    std::int64_t output_tokens = 0;  // as the provider counts; 0 = it does not tell
    std::chrono::milliseconds took{0};

    bool answered() const { return status == 200 && kind.empty(); }
    bool reached() const;    // the provider said something, if only no
    bool connected() const;  // there was a connection to it, whatever came of it
    bool timed_out() const;
    bool is_overload() const;  // a limit, or too much to do: later it may answer
    bool key_is_good() const;  // as far as its answer tells
    /// Of a model that has answered before: it cannot do this. Not an outage.
    bool refused() const {
        return status == 400 || status == 404 || status == 415 || status == 422;
    }
};

/// How much of an answer is wanted.
enum class Wanted : std::uint8_t {
    all,
    beginning,  // left once content has come
};

class OwnGateway {
  public:
    /// `config` with its keys fetched; it must outlive this. Nothing is tried twice and nobody else
    /// is asked; `patience` bounds each request, 0 = as the configuration has it.
    explicit OwnGateway(const config::Config& config,
                        std::chrono::milliseconds patience = std::chrono::milliseconds(0));
    ~OwnGateway();

    /// `body` in Anthropic's words, its model "provider,model".
    Reply ask(std::string body, Wanted wanted = Wanted::all);
    /// How long each silence of the next requests may last, within `patience`.
    void bound_silence(std::chrono::milliseconds most);
    /// What refusals have taught since.
    std::vector<gateway::KeptLesson> lessons();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::doctor
