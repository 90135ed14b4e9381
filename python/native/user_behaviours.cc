#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/user_failure.h"
#include "python/native/part_call.h"
#include "user_models/guarded_host.h"

namespace delstep {
namespace {

namespace py = pybind11;
using Memory = py::array_t<double, py::array::c_style>;

/// What a guard says, in words of Python: its functions are those of C++ there.
Error InPython(Error error, const EmbeddedRun& run) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kWords = {
      {{"SendHeader()", "node.send()"},
       {"Send()", "node.send()"},
       {"Train()", "node.train()"},
       {"Merge()", "node.merge()"},
       {"Aggregate()", "node.aggregate()"},
       {"Discard()", "node.discard()"},
       {"Wake()", "node.wake()"},
       {"although merges() is false", "although it was made with merges=False"},
       {"let merges() return true", "make it with merges=True"},
       {"node.neighbours()", "node.neighbours"},
       {"node.busy()", "node.busy"},
       {"node.inbox()", "node.inbox"}}};
  for (std::string* text : {&error.message, &error.hint}) {
    for (const auto& [ours, theirs] : kWords)
      if (const auto at = text->find(ours); at != std::string::npos)
        text->replace(at, ours.size(), theirs);
    constexpr std::string_view kNode = "NodeId(";
    const auto at = text->find(kNode);
    const auto end = at == std::string::npos ? at : text->find(')', at);
    if (end == std::string::npos) continue;
    const auto number = ParseUnsigned(text->substr(at + kNode.size(), end - at - kNode.size()));
    if (number)
      text->replace(at, end + 1 - at, run.simulation().AddressOf(static_cast<NodeId>(*number)));
  }
  return error;
}

/// The node that a behaviour is called for: its Host, with addresses in place of numbers. Only good
/// during the call.
class BehavingNode {
 public:
  BehavingNode(GuardedHost& host, EmbeddedRun& run) : host_(&host), run_(run) {}

  /// Brings the memory back; from now on every call is an error.
  void Close() {
    if (memory_) std::copy_n(memory_->data(), kBehaviourMemory, host_->memory().begin());
    host_ = nullptr;
  }

  std::string node() { return AddressOf(host().id()); }
  std::string name() { return run_.simulation().NameOf(host().id()); }
  std::int64_t now() { return host().now().time_since_epoch().count(); }
  bool busy() { return host().busy(); }
  std::uint64_t trained() { return host().trained(); }
  std::uint64_t examples() { return host().examples(); }
  std::vector<std::string> neighbours() { return AddressesOf(host().neighbours()); }
  std::vector<std::string> everybody() { return AddressesOf(host().everybody()); }
  bool IsPartner(const std::string& node) { return host().IsPartner(Find(node)); }
  py::list inbox() {
    py::list messages;
    for (const ReceivedMessage& message : host().inbox()) messages.append(MessageOf(message));
    return messages;
  }
  py::dict MessageOf(const ReceivedMessage& message) {
    static constexpr const char* kKinds[] = {"model", "request", "reply"};
    using namespace py::literals;
    return py::dict(
        "message"_a = static_cast<std::uint64_t>(message.id), "from"_a = AddressOf(message.from),
        "kind"_a = kKinds[static_cast<int>(message.tag.kind)], "number"_a = message.tag.number,
        "weight"_a = message.tag.weight, "has_model"_a = message.has_model,
        "examples"_a = message.examples, "sent"_a = message.sent.time_since_epoch().count(),
        "arrived"_a = message.arrived.time_since_epoch().count());
  }
  std::optional<std::int64_t> LastSent(const std::string& node) {
    const auto sent = host().LastSent(Find(node));
    return sent ? std::optional(sent->time_since_epoch().count()) : std::nullopt;
  }
  const Memory& memory() {
    if (!memory_) {
      memory_.emplace(static_cast<py::ssize_t>(kBehaviourMemory));
      std::ranges::copy(host().memory(), memory_->mutable_data());
    }
    return *memory_;
  }
  double Uniform() { return Stream().Uniform(); }
  double Normal() { return Stream().Normal(); }
  std::uint64_t Below(std::uint64_t bound) {
    if (bound == 0) throw py::value_error("below(0): there is no number below 0");
    return Stream().Below(bound);
  }

  bool Train(double scale) {
    return Do([&](GuardedHost& host) { return host.Train(scale); });
  }
  void Send(const std::string& to, const std::string& kind, std::uint64_t number, double weight,
            bool header) {
    const MessageTag tag{.kind = KindOf(kind), .number = number, .weight = weight};
    const NodeId node = Find(to);
    Do([&](GuardedHost& host) { header ? host.SendHeader(node, tag) : host.Send(node, tag); });
  }
  void Merge(double own, const std::vector<std::pair<std::uint64_t, double>>& terms) {
    std::vector<MergeTerm> parts;
    for (const auto& [message, weight] : terms)
      parts.push_back({.message = static_cast<MessageId>(message), .weight = weight});
    Do([&](GuardedHost& host) { host.Merge(own, parts); });
  }
  void Aggregate() {
    Do([](GuardedHost& host) { host.Aggregate(); });
  }
  void Discard(std::uint64_t message) {
    Do([&](GuardedHost& host) { host.Discard(static_cast<MessageId>(message)); });
  }
  void Wake(std::optional<std::int64_t> time) {
    Do([&](GuardedHost& host) {
      host.Wake(time ? std::optional(SimTime(Duration(*time))) : std::nullopt);
    });
  }

 private:
  GuardedHost& host() {
    if (host_ == nullptr) throw std::runtime_error("this call of the behaviour has ended");
    return *host_;
  }
  /// A behaviour draws as often as it likes: all draws of a call come from one stream.
  Random& Stream() {
    if (!random_) random_ = host().Draw();
    return *random_;
  }
  /// A broken promise leaves the guard as an exception of its own, which Python should see by name.
  template <class Call>
  auto Do(Call call) -> decltype(call(std::declval<GuardedHost&>())) {
    GuardedHost& guarded = host();
    try {
      return call(guarded);
    } catch (...) {
      if (guarded.broken()) throw py::value_error(InPython(*guarded.broken(), run_).message);
      throw;
    }
  }
  static MessageTag::Kind KindOf(const std::string& kind) {
    if (kind == "model") return MessageTag::Kind::kModel;
    if (kind == "request") return MessageTag::Kind::kRequest;
    if (kind == "reply") return MessageTag::Kind::kReply;
    throw py::value_error(fmt::format("kind='{}': choose 'model', 'request' or 'reply'", kind));
  }
  std::string AddressOf(NodeId node) const { return run_.simulation().AddressOf(node); }
  std::vector<std::string> AddressesOf(std::span<const NodeId> nodes) const {
    std::vector<std::string> addresses;
    for (const NodeId node : nodes) addresses.push_back(AddressOf(node));
    return addresses;
  }
  NodeId Find(const std::string& node) const {
    if (const auto found = run_.simulation().Find(node)) return *found;
    throw py::value_error(fmt::format("no node named '{}'", node));
  }

  GuardedHost* host_;
  EmbeddedRun& run_;
  std::optional<Memory> memory_;
  std::optional<Random> random_;
};

class PythonBehaviour final : public Behaviour {
 public:
  PythonBehaviour(const py::object& part, PartHost& host)
      : host_(host),
        name_(fmt::format("behaviour '{}'", part.attr("name").cast<std::string>())),
        merges_(part.attr("merges").cast<bool>()),
        part_(Shared(part)) {}

  bool merges() const override { return merges_; }
  void OnTurn(Host& node) const override {
    Call(node, "on_turn", [](auto&) { return py::tuple(); });
  }
  void OnReceive(Host& node, const ReceivedMessage& message) const override {
    Call(node, "on_receive",
         [&](BehavingNode& self) { return py::make_tuple(self.MessageOf(message)); });
  }
  void OnTrained(Host& node) const override {
    Call(node, "on_trained", [](auto&) { return py::tuple(); });
  }
  void OnMeet(Host& node, NodeId peer) const override { CallWith(node, "on_meet", peer); }
  void OnPart(Host& node, NodeId peer) const override { CallWith(node, "on_part", peer); }
  void OnWake(Host& node) const override {
    Call(node, "on_wake", [](auto&) { return py::tuple(); });
  }

 private:
  void CallWith(Host& node, const char* method, NodeId peer) const {
    Call(node, method,
         [&](auto&) { return py::make_tuple(host_.run->simulation().AddressOf(peer)); });
  }
  /// A behaviour that lacks the method does nothing then. `arguments(node)` are those beside the node.
  template <class Arguments>
  void Call(Host& node, const char* method, Arguments arguments) const {
    const py::gil_scoped_acquire lock;
    const InsidePart inside(host_);
    const py::object function = part_->attr(method);
    if (function.is_none()) return;
    GuardedHost guarded(node, name_, merges_);
    const auto self = std::make_shared<BehavingNode>(guarded, *host_.run);
    auto done = CallGuarded(host_, fmt::format("{}: {}", name_, method), [&]() -> Result<void> {
      const ShownOnce once(*self);
      function(self, *arguments(*self));
      return {};
    });
    guarded.KeepMemory();
    if (done && guarded.broken()) done = InPython(*guarded.broken(), *host_.run);
    if (done) return;
    host_.EndByFailure(done.error());
    throw UserFailure{done.error()};
  }

  PartHost& host_;
  const std::string name_;
  const bool merges_;
  const SharedObject part_;
};

}  // namespace

std::unique_ptr<Behaviour> MakePythonBehaviour(const py::object& part, PartHost& host) {
  return std::make_unique<PythonBehaviour>(part, host);
}

void BindNode(py::module_& module) {
  py::class_<BehavingNode, std::shared_ptr<BehavingNode>>(module, "Node")
      .def_property_readonly("node", &BehavingNode::node)
      .def_property_readonly("name", &BehavingNode::name)
      .def_property_readonly("now", &BehavingNode::now)
      .def_property_readonly("busy", &BehavingNode::busy)
      .def_property_readonly("trained", &BehavingNode::trained)
      .def_property_readonly("examples", &BehavingNode::examples)
      .def_property_readonly("neighbours", &BehavingNode::neighbours)
      .def_property_readonly("everybody", &BehavingNode::everybody)
      .def_property_readonly("inbox", &BehavingNode::inbox)
      .def_property_readonly("memory", &BehavingNode::memory)
      .def("is_partner", &BehavingNode::IsPartner, py::arg("node"))
      .def("last_sent", &BehavingNode::LastSent, py::arg("node"))
      .def("uniform", &BehavingNode::Uniform)
      .def("normal", &BehavingNode::Normal)
      .def("below", &BehavingNode::Below, py::arg("bound"))
      .def("train", &BehavingNode::Train, py::arg("scale") = 1.0)
      .def("send", &BehavingNode::Send, py::arg("to"), py::arg("kind") = "model",
           py::arg("number") = 0, py::arg("weight") = 1.0, py::arg("header") = false)
      .def("merge", &BehavingNode::Merge, py::arg("own"), py::arg("terms"))
      .def("aggregate", &BehavingNode::Aggregate)
      .def("discard", &BehavingNode::Discard, py::arg("message"))
      .def("wake", &BehavingNode::Wake, py::arg("time"));
}

}  // namespace delstep
