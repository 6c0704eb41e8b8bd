// Scripted: the user's transformers in the way of one attempt, where its provider or model names
// some.
//
// Lives in one request's coroutine; the call, the provider and the model outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/client_stream.h"
#include "net/http_client.h"
#include "plugin/transform.h"

namespace ccr::gateway {

struct Call;

class Scripted {
  public:
    Scripted(Call& call, const config::Provider& provider, const std::string& model);

    explicit operator bool() const { return !use_.empty(); }
    /// Gives `body` to them, keeping `client` (if any) company. Error (config): one of them failed;
    /// client_gone.
    net::Task<Result<void>> edit(std::string& body, ClientStream* client);
    /// What they want of the request: its address and headers.
    void complete(net::ClientRequest& request) const;
    /// Whether they changed it, and whether answers pass them; known after edit().
    bool edited() const { return edited_; }
    bool answers() const;
    /// For people: "a, b".
    std::string names() const;
    /// The answer as they make it.
    std::unique_ptr<net::ClientResponse> answer(std::unique_ptr<net::ClientResponse> from);

  private:
    using Uses = std::vector<const config::TransformerUse*>;
    /// Neighbours that one host runs.
    struct Segment {
        const plugin::GrantSet* grants;
        Uses use;
        std::unique_ptr<plugin::HostCall> host = nullptr;  // while the answer is awaited
        plugin::Transformed made = {};
    };
    /// Whether the configuration has it so; a word of it goes to the log.
    bool goes_on_without(const Error& error) const;
    void tell_left_out(const std::string& failure) const;
    net::Task<Result<plugin::RegisteredNames>> names_of(const plugin::GrantSet& set,
                                                        ClientStream* client);
    net::Task<Result<void>> split(ClientStream* client);
    net::Task<Result<void>> edit(Segment& segment, std::string& body, ClientStream* client);
    net::Task<Result<plugin::KeptFrame>> result_of(plugin::HostCall& host, ClientStream* client);

    Call& call_;
    const config::Provider& provider_;
    const std::string& model_;
    const Uses use_;
    std::vector<plugin::GrantSet> sets_;  // of the transformers; more than one are rare
    std::vector<Segment> segments_;
    bool edited_ = false;
};

}  // namespace ccr::gateway
