// A helper program with the built-in network in it, for tests of the simulator's side: all that a
// helper does, and, told so by its arguments, all that one can do wrong.
//
//   fake_helper [--fault KIND [--at LINE]] [--exit CODE | --signal NUMBER] [--note TEXT]
//
// The fault happens at the LINE-th line that is read (1 is `begin`), or at the first one after it
// that is answered. KIND is one of those in Misbehave(). `--note` is written to the standard error
// at the beginning.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "network/builtin/builtin_network.h"

namespace delstep {
namespace {

using Json = nlohmann::json;

constexpr int kSocket = 3;

struct Arguments {
  std::string fault, note;
  int at = 0, exit = 1, signal = 0;
};

/// Reads lines, and the descriptors that come with them.
class Wire {
 public:
  bool Read(std::string& line) {
    for (;;) {
      if (const auto end = buffer_.find('\n'); end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return true;
      }
      std::array<char, 65536> piece;
      iovec bytes{.iov_base = piece.data(), .iov_len = piece.size()};
      alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control;
      msghdr message{};
      message.msg_iov = &bytes;
      message.msg_iovlen = 1;
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      const ssize_t got = recvmsg(kSocket, &message, MSG_CMSG_CLOEXEC);
      if (got <= 0) return false;
      buffer_.append(piece.data(), static_cast<std::size_t>(got));
      if (const cmsghdr* header = CMSG_FIRSTHDR(&message))
        std::memcpy(&descriptor_, CMSG_DATA(header), sizeof descriptor_);
    }
  }
  void Write(std::string text) {
    for (std::string_view rest = text; !rest.empty();) {
      const ssize_t sent = send(kSocket, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent < 0) _exit(0);
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void Say(const Json& value) { Write(value.dump() + '\n'); }
  int descriptor() const { return descriptor_; }

 private:
  std::string buffer_;
  int descriptor_ = -1;
};

double NumberOrInfinite(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>();
}

LinkProperties LinkOf(const Json& value) {
  LinkProperties link;
  link.loss = value.at("loss");
  link.bandwidth = NumberOrInfinite(value.at("bandwidth"));
  link.up = value.at("up");
  const Json& latency = value.at("latency");
  if (latency.is_number()) {
    link.latency.a = Duration(latency.get<std::int64_t>());
    return link;
  }
  const std::string kind = latency.at("kind");
  link.latency = {kind == "uniform"  ? Latency::Kind::kUniform
                  : kind == "normal" ? Latency::Kind::kNormal
                                     : Latency::Kind::kExponential,
                  Duration(latency.at("a").get<std::int64_t>()),
                  Duration(latency.at("b").get<std::int64_t>())};
  return link;
}

NodeId NodeOf(const Json& value) { return NodeId{value.get<std::uint32_t>()}; }
SimTime TimeOf(const Json& value) { return SimTime(Duration(value.get<std::int64_t>())); }

class Helper {
 public:
  explicit Helper(Arguments arguments) : arguments_(std::move(arguments)) {}

  void Serve() {
    std::string line;
    for (int read = 1; wire_.Read(line); ++read) {
      const Json value = Json::parse(line);
      const std::string what = value.at("do");
      const bool answered = what == "begin" || what == "advance" || what == "next" ||
                            what == "drain" || what == "fork";
      if (arguments_.at > 0 && read >= arguments_.at && answered) Misbehave();
      if (what == "begin") {
        Begin(value);
      } else if (what == "fork") {
        Fork();
      } else if (answered) {
        Pass(what, value);
      } else {
        Change(what, value);
      }
    }
  }

 private:
  /// Does what it was told to do wrong, once.
  void Misbehave() {
    arguments_.at = 0;
    const std::string& fault = arguments_.fault;
    if (fault == "die") End();
    if (fault == "die-in-answer") {
      wire_.Write(R"({"now":0,"en)");
      End();
    }
    if (fault == "hang")
      for (;;) pause();
    if (fault == "hang-in-answer") {
      wire_.Write(R"({"now":0,"en)");
      for (;;) pause();
    }
    if (fault == "close") {
      close(kSocket);
      for (;;) pause();
    }
    if (fault == "garbage") wire_.Write("Segmentation fault\n");
    if (fault == "wrong-kind") wire_.Write("{\"hello\":1,\"version\":\"fake 1\"}\n");
    if (fault == "refuse") {
      wire_.Say({{"error", "this cannot be done"}, {"hint", "do without"}});
      End();
    }
    if (fault == "endless")  // a line without an end
      for (const std::string piece(1 << 20, 'x');;) wire_.Write(piece);
    if (fault == "alive")
      for (int i = 0; i < 3; ++i) wire_.Say({{"alive", i}});
    if (fault == "flood") {  // more than any pipe holds
      const std::string line = std::string(99, 'w') + '\n';
      for (int i = 0; i < 20'000; ++i) std::fputs(line.c_str(), stderr);
      std::fputs("the last word\n", stderr);
      End();
    }
    distorts_ = fault == "back" || fault == "ahead" || fault == "twice" || fault == "unknown" ||
                fault == "unordered" || fault == "another-time" || fault == "forgets" ||
                fault == "future";
  }

  [[noreturn]] void End() const {
    if (arguments_.signal > 0) {
      signal(arguments_.signal, SIG_DFL);
      raise(arguments_.signal);
    }
    _exit(arguments_.exit);
  }

  void Begin(const Json& line) {
    NetworkOptions options;
    options.link = LinkOf(line.at("link"));
    network_ = *MakeBuiltinNetwork(options, line.at("seed"));
    wire_.Say({{"hello", 1}, {"version", "fake 1"}});
  }

  void Fork() {
    const int descriptor = wire_.descriptor();
    if (arguments_.fault == "fork-stranger") {
      wire_.Say({{"forked", 1}});  // process 1 is everybody's parent, and nobody's copy
      close(descriptor);
      return;
    }
    const pid_t child = fork();
    if (child == 0) {
      dup2(descriptor, kSocket);
      close(descriptor);
      return;
    }
    close(descriptor);
    wire_.Say({{"forked", child}});
  }

  void Change(const std::string& what, const Json& line) {
    if (what == "attach") Must(network_->Attach(NodeOf(line.at("node"))));
    if (what == "detach") Must(network_->Detach(NodeOf(line.at("node"))));
    if (what == "node") Must(network_->SetUp(NodeOf(line.at("node")), line.at("up")));
    if (what == "default") Must(network_->SetDefaultLink(LinkOf(line.at("link"))));
    if (what == "link")
      Must(network_->SetLink(NodeOf(line.at("from")), NodeOf(line.at("to")),
                             LinkOf(line.at("link"))));
    if (what == "clear") Must(network_->ClearLink(NodeOf(line.at("from")), NodeOf(line.at("to"))));
    if (what == "withdraw") {
      std::vector<MessageId> ids;
      for (const Json& id : line.at("ids")) ids.push_back(MessageId{id.get<std::uint64_t>()});
      Must(network_->Withdraw(ids));
    }
    if (what == "send") {
      const Message message{MessageId{line.at("id").get<std::uint64_t>()}, NodeOf(line.at("from")),
                            NodeOf(line.at("to")), line.at("bytes")};
      // What would arrive beyond the end of time: a helper has no way to refuse one message.
      if (!network_->Send(message)) Row(message, network_->now(), network_->now(), "expired");
    }
  }

  void Pass(const std::string& what, const Json& line) {
    Passage passage;
    if (what == "advance") passage = *network_->AdvanceTo(TimeOf(line.at("to")));
    if (what == "next" && rows_.empty())
      passage = *network_->AdvanceToNext(TimeOf(line.at("limit")));
    if (what == "drain") {
      std::vector<MessageId> until;
      for (const Json& id : line.at("until")) until.push_back(MessageId{id.get<std::uint64_t>()});
      passage = *network_->Drain(until);
    }
    for (const Outcome& outcome : passage)
      Row(outcome.message, outcome.sent, outcome.at, outcome.lost ? Name(*outcome.lost) : "");
    Json answer{{"now", Ns(network_->now())}, {"ended", std::exchange(rows_, Json::array())}};
    if (distorts_) Distort(answer);
    wire_.Say(answer);
  }

  void Distort(Json& answer) const {
    const std::string& fault = arguments_.fault;
    Json& rows = answer["ended"];
    if (fault == "back") answer["now"] = 0;
    if (fault == "ahead") answer["now"] = answer["now"].get<std::int64_t>() + 1;
    if (fault == "twice") rows.push_back(rows.back());
    if (fault == "unknown") rows.back()[0] = 4711;
    if (fault == "unordered") std::reverse(rows.begin(), rows.end());
    if (fault == "another-time") rows.back()[1] = rows.back()[1].get<std::int64_t>() + 1;
    if (fault == "forgets") rows.erase(rows.size() - 1);
    if (fault == "future") rows.back()[2] = rows.back()[2].get<std::int64_t>() + 1;
  }

  static std::int64_t Ns(SimTime time) { return time.time_since_epoch().count(); }
  void Row(const Message& message, SimTime sent, SimTime at, std::string_view reason) {
    rows_.push_back({static_cast<std::uint64_t>(message.id), Ns(sent), Ns(at), reason});
  }
  void Must(const Result<void>& result) {
    if (result) return;
    wire_.Say({{"error", result.error().message}, {"hint", result.error().hint}});
    _exit(1);
  }

  Arguments arguments_;
  Wire wire_;
  std::unique_ptr<Network> network_;
  Json rows_ = Json::array();  // to be reported
  bool distorts_ = false;
};

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) {
  delstep::Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--fault") arguments.fault = argv[i + 1];
    if (name == "--note") arguments.note = argv[i + 1];
    if (name == "--at") arguments.at = std::atoi(argv[i + 1]);
    if (name == "--exit") arguments.exit = std::atoi(argv[i + 1]);
    if (name == "--signal") arguments.signal = std::atoi(argv[i + 1]);
  }
  // Copies that have ended need not be waited for.
  signal(SIGCHLD, SIG_IGN);
  if (!arguments.note.empty()) std::fprintf(stderr, "%s\n", arguments.note.c_str());
  delstep::Helper(std::move(arguments)).Serve();
  return 0;
}
