// The control socket: its answers, who may ask, and clients of sockets that misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "cli/cli_fixture.h"
#include "cli/control_client.h"
#include "cli/control_server.h"
#include "cli/instances.h"
#include "cli/port_owner.h"
#include "cli/setup_advice.h"
#include "cli/starter.h"
#include "net/listener_socket.h"

namespace ccr::cli {
namespace {

using testing::HasSubstr;

class FakeExchange : public net::Exchange {
  public:
    explicit FakeExchange(net::RequestHead head) : head_(std::move(head)) {}
    const net::RequestHead& head() const override { return head_; }
    net::Task<Result<std::string>> read_body(std::size_t) override { co_return std::string(); }
    net::Task<Result<void>> send(net::Answer answer) override {
        answer_ = std::move(answer);
        co_return Result<void>();
    }
    net::Task<Result<void>> open(int, net::Headers, std::string_view) override {
        co_return Result<void>();
    }
    net::Task<Result<void>> write(std::string_view) override { co_return Result<void>(); }
    net::Task<Result<void>> finish(std::string_view) override { co_return Result<void>(); }
    net::Task<Result<void>> send_chunked(int, net::Headers, std::string_view) override {
        co_return Result<void>();
    }
    void abort() override {}
    void when_gone(std::function<void()>) override {}
    bool gone() const override { return false; }
    bool opened() const override { return false; }
    const net::Answer& answer() const { return answer_; }

  private:
    net::RequestHead head_;
    net::Answer answer_;
};

net::Answer answer_to(net::RequestHead head) {
    const auto environment = [](std::string_view) { return std::nullopt; };
    ServiceSettings settings;
    settings.config = std::make_shared<const config::Config>(
        *config::parse_config("{PORT: 0}", "c.json", environment));
    settings.environment = environment;
    const test::Home home;
    settings.control_socket = home.file("c.sock");
    Service service(std::move(settings));
    EXPECT_TRUE(service.open());
    FakeExchange exchange(std::move(head));
    net::asio::io_context context;
    net::asio::co_spawn(context, control_handler(service)(exchange), net::asio::detached);
    context.run();
    return exchange.answer();
}

net::RequestHead head_of(std::uint32_t uid, bool over_unix_socket) {
    net::RequestHead head;
    head.method = "GET";
    head.path = "/status";
    head.peer_uid = uid;
    head.over_unix_socket = over_unix_socket;
    return head;
}

TEST(Control, ServesItsOwnUserOnly) {
    EXPECT_EQ(answer_to(head_of(::geteuid(), true)).status, 200);
    EXPECT_EQ(answer_to(head_of(::geteuid() + 1, true)).status, 403);
    EXPECT_EQ(answer_to(head_of(::geteuid(), false)).status, 403);
}

TEST(ControlClient, ReportsWhatIsNoService) {
    const test::Home home;
    EXPECT_EQ(ask_service(home.file("none.sock"), "GET", "/").error().kind,
              ErrorKind::upstream_unreachable);
    EXPECT_EQ(ask_service(std::string(300, 'x'), "GET", "/").error().kind,
              ErrorKind::upstream_unreachable);
    home.write("plain", "text");
    EXPECT_FALSE(ask_service(home.file("plain"), "GET", "/"));
    const auto silent = net::listen_on_unix(home.file("silent.sock"));
    ASSERT_TRUE(silent);
    EXPECT_EQ(ask_service(home.file("silent.sock"), "GET", "/", std::chrono::milliseconds(50))
                  .error()
                  .kind,
              ErrorKind::upstream_timeout);
}

TEST(ControlClient, ReadsStatusAndBody) {
    const auto answer = parse_control_answer("HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n{}\r\n\r\n");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->body, "{}\r\n\r\n");
    for (const char* text : {"", "HTTP/1.1 200", "HTTP/1.1 x\r\n\r\n", "SSH-2.0\r\n\r\n"}) {
        EXPECT_FALSE(parse_control_answer(text)) << text;
    }
}

ServiceStatus some_status() {
    ServiceStatus status;
    status.instance = "abc";
    status.state = "ready";
    status.pid = 12;
    status.version = "1.2";
    status.host = "127.0.0.1";
    status.port = 65535;
    status.configured_port = 3456;
    status.port_is_explicit = true;
    status.endpoint = "http://127.0.0.1:65535";
    status.started_at = 1'700'000'000'123;
    status.config_file = "/a \"b\"/\xc3\xbc";
    status.config_error = "x";
    status.needs_restart = {"PORT", "HOST"};
    status.demo = true;
    status.default_model = "p,m";
    status.providers = {{"p", "chat", 3, ""}, {"q", "anthropic", 0, "broken because"}};
    status.findings = {{config::Severity::note, "code", "f", {1, 2}, "m"},
                       {config::Severity::error, "", "", {}, ""}};
    status.active_requests = 4;
    return status;
}

TEST(ServiceStatus, SurvivesItsJson) {
    const ServiceStatus status = some_status();
    const auto parsed = parse_status(to_json(status));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_json(*parsed), to_json(status));
    EXPECT_EQ(parsed->findings[1].severity, config::Severity::error);
    EXPECT_EQ(parsed->providers[1].broken, "broken because");
    EXPECT_EQ(parsed->started_at, status.started_at);
}

TEST(ServiceStatus, OtherTextsAreRefusedAndMissingMembersAreNot) {
    EXPECT_TRUE(parse_status("{}"));
    for (const char* text :
         {"", "[]", "{", "1", R"({"pid": "x"})", R"({"providers": [1]})", R"({"findings": 3})"}) {
        EXPECT_FALSE(parse_status(text)) << text;
    }
}

Instance instance_on(std::uint16_t configured, std::uint16_t bound, bool is_explicit,
                     const std::string& file) {
    Instance instance;
    instance.status.configured_port = configured;
    instance.status.port = bound;
    instance.status.port_is_explicit = is_explicit;
    instance.status.config_file = file;
    return instance;
}

TEST(Instances, AreChosenByPortThenByFile) {
    const std::vector<Instance> all{instance_on(1000, 1000, false, "a"),
                                    instance_on(2000, 2000, true, "a"),
                                    instance_on(0, 3000, false, "b")};
    EXPECT_EQ(find_wanted(all, {2000, true, "z"}), &all[1]);
    EXPECT_EQ(find_wanted(all, {3000, true, "z"}), &all[2]);
    EXPECT_EQ(find_wanted(all, {0, false, "z"}), &all[2]);
    EXPECT_EQ(find_wanted(all, {4000, false, "a"}), &all[0]);
    EXPECT_EQ(find_wanted(all, {4000, true, "a"}), nullptr);
    EXPECT_EQ(find_wanted(all, {std::nullopt, false, "b"}), &all[2]);
    EXPECT_EQ(find_wanted(all, {4000, false, "c"}), nullptr);
}

TEST(Starter, TheReadyLineIsFoundAmongOtherOutput) {
    EXPECT_EQ(announced_instance("warning: x\n" + ready_line("abc") + "more"), "abc");
    const std::string line = ready_line("abc");
    for (std::size_t cut = 0; cut < line.size(); ++cut)
        EXPECT_FALSE(announced_instance(line.substr(0, cut)));
}

TEST(PortOwner, IsThisProcess) {
    auto sockets = net::listen_on_tcp("127.0.0.1", 0);
    ASSERT_TRUE(sockets);
    const std::uint16_t port = sockets->front().port;
    const auto owner = owner_of_port(port);
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->pid, ::getpid());
    EXPECT_THAT(to_string(*owner), HasSubstr("cli_test (pid "));
    EXPECT_TRUE(is_listening(port));
    sockets->clear();
    EXPECT_FALSE(owner_of_port(port));
    EXPECT_FALSE(is_listening(port));
    EXPECT_EQ(to_string(PortOwner{0, "", "bob"}), "a program of the user bob");
}

}  // namespace
}  // namespace ccr::cli
