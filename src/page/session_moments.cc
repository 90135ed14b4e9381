#include "page/session_moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "delstep/moment_view.h"
#include "recording/moment_json.h"

namespace delstep {
namespace {

LinkFacts LinkFactsOf(const MomentView& view) {
  return {.nodes = view.Nodes().size(), .links = view.Links(), .usual = view.DefaultLink()};
}
LinkFacts LinkFactsOf(const Simulation& simulation) {
  return {.nodes = simulation.Nodes().size(),
          .links = simulation.Links(),
          .usual = simulation.scenario().network.link};
}

}  // namespace

SessionMoments::SessionMoments(SessionHost& host, const Simulation& simulation, Notes notes,
                               Kind kind)
    : host_(host),
      simulation_(simulation),
      marks_(notes.marks),
      flows_(notes.flows),
      places_(notes.places),
      kind_(kind) {
  labels_ = std::make_shared<const std::vector<LabelCounts>>(simulation_.Labels());
  AfterCommand();
}

void SessionMoments::AfterCommand() {
  std::shared_ptr<const MomentFacts> facts;
  std::shared_ptr<const LinkFacts> links;
  // Where there are snapshots they are looked at later, by whoever asks.
  if (!kind_.goes_back) {
    facts = std::make_shared<const MomentFacts>(FactsOf(simulation_));
    links = std::make_shared<const LinkFacts>(LinkFactsOf(simulation_));
  }
  const std::lock_guard lock(mutex_);
  if (facts) live_ = std::move(facts);
  if (links) live_links_ = std::move(links);
}

std::uint64_t SessionMoments::Asked::Number(std::string_view parameter, std::uint64_t usual) const {
  const std::string* text = question.Find(parameter);
  return text == nullptr ? usual : ParseUnsigned(*text).value_or(usual);
}

Result<SessionMoments::Asked> SessionMoments::Find(const PageQuestion& question) const {
  const auto view = host_.Latest();
  Asked asked{.question = question,
              .view = view,
              .moment = view->moments->present(),
              .snapshot = view->snapshot};
  const std::string* text = question.Find("moment");
  if (text == nullptr) return asked;
  const auto number = ParseUnsigned(*text);
  if (!number)
    return UsageError(fmt::format("a moment is a number, not '{}'", text->substr(0, 40)));
  if (*number == asked.moment.number) return asked;
  const Moment* moment = view->moments->Find(*number);
  const auto kept = view->kept->find(*number);
  if (moment == nullptr || kept == view->kept->end())
    return BadFile(fmt::format("moment {} is not kept", *number),
                   view->why_not.empty() ? fmt::format("one can go back to moment {}", view->oldest)
                                         : view->why_not);
  asked.moment = *moment;
  asked.snapshot = kept->second;
  return asked;
}

std::shared_ptr<const MomentFacts> SessionMoments::FactsAt(const PresentView& view,
                                                           const Snapshot& snapshot) {
  if (!snapshot) {
    const std::lock_guard lock(mutex_);
    return live_;
  }
  const bool is_present = snapshot == view.snapshot;
  if (is_present) {
    const std::lock_guard lock(mutex_);
    if (present_ && present_number_ == view.number) return present_;
  }
  // Two threads may do it at once; both get the same, and neither waits for the other.
  auto facts = std::make_shared<const MomentFacts>(FactsOf(MomentView(snapshot)));
  if (is_present) {
    const std::lock_guard lock(mutex_);
    present_number_ = view.number;
    present_ = facts;
  }
  return facts;
}

std::shared_ptr<const MomentFacts> SessionMoments::Present() {
  const auto view = host_.Latest();
  return FactsAt(*view, view->snapshot);
}

NodeNamesBook SessionMoments::Names() const {
  const auto view = host_.Latest();
  if (view->snapshot) return NamesOf(MomentView(view->snapshot));
  NodeNamesBook book;
  const std::lock_guard lock(mutex_);
  book.addresses.resize(live_->nodes_ever);
  book.names.resize(live_->nodes_ever);
  for (const NodeView& node : live_->nodes) {
    book.addresses[Index(node.node)] = node.address;
    book.names[Index(node.node)] = node.name;
  }
  return book;
}

template <class Look>
PageAnswer SessionMoments::WithWorld(const Asked& asked, const Look& look) {
  if (asked.snapshot) return look(MomentView(asked.snapshot));
  PageAnswer answer = PageRefusal(503, "a command runs, and this network keeps no moments",
                                  "ask again when it has ended");
  host_.TryWork("page", [&] { answer = look(simulation_); });
  return answer;
}

std::optional<PageAnswer> SessionMoments::Answer(const PageQuestion& question) {
  static const std::map<std::string, Handler, std::less<>> kHandlers = {
      {"/api/state", &SessionMoments::State},     {"/api/links", &SessionMoments::Links},
      {"/api/node", &SessionMoments::Node},       {"/api/why", &SessionMoments::Why},
      {"/api/labels", &SessionMoments::Labels},   {"/api/messages", &SessionMoments::Messages},
      {"/api/history", &SessionMoments::History}, {"/api/curves", &SessionMoments::Curves},
      {"/api/heat", &SessionMoments::Heat},       {"/api/consensus", &SessionMoments::Consensus},
      {"/api/flows", &SessionMoments::Flows}};
  const auto handler = kHandlers.find(question.path);
  if (handler == kHandlers.end()) return std::nullopt;
  const auto asked = Find(question);
  return asked ? (this->*handler->second)(*asked) : PageRefusal(asked.error());
}

/// Where nodes were is in no snapshot.
std::vector<Position> SessionMoments::PlacesAt(const Asked& asked) const {
  if (!kind_.has_places) return {};
  if (asked.is_present()) return asked.view->places;
  return places_.At(asked.moment.number);
}

bool SessionMoments::ReadsModels(const MomentView& world, std::size_t nodes) {
  constexpr std::size_t kMostNumbers = std::size_t{1} << 25;  // 128 MiB
  const std::vector<NodeId> present = world.Nodes();
  return present.empty() || nodes * world.Model(present.front()).values.size() <= kMostNumbers;
}

PageAnswer SessionMoments::State(const Asked& asked) {
  const auto facts = FactsAt(*asked.view, asked.snapshot);
  const Branch* branch = asked.is_present() ? &asked.view->moments->branch()
                                            : asked.view->moments->FindBranch(asked.moment.branch);
  const std::vector<Position> places = PlacesAt(asked);
  std::optional<double> consensus;
  if (asked.snapshot && !facts->nodes.empty() &&
      (ReadsModels(MomentView(asked.snapshot), facts->nodes.size()) ||
       asked.question.Find("moment") != nullptr)) {
    double squares = 0;
    for (const double distance : MomentView(asked.snapshot).DistancesToMean())
      squares += distance * distance;
    consensus = squares / static_cast<double>(facts->nodes.size());
  }
  return {.body = StateJson(*facts, {.moment = asked.moment.number,
                                     .branch = branch == nullptr ? "" : branch->name,
                                     .links = marks_.LinksVersion(asked.moment.number),
                                     .consensus = consensus,
                                     .places = places,
                                     .sent = [this](MessageId id) { return marks_.SentAt(id); }})};
}

PageAnswer SessionMoments::Links(const Asked& asked) {
  const std::uint64_t version = marks_.LinksVersion(asked.moment.number);
  if (asked.snapshot) return {.body = LinksJson(LinkFactsOf(MomentView(asked.snapshot)), version)};
  std::shared_ptr<const LinkFacts> links;
  {
    const std::lock_guard lock(mutex_);
    links = live_links_;
  }
  return {.body = LinksJson(*links, version)};
}

namespace {

/// The node that a parameter names. Errors: kFile where there is none: 404.
template <class World>
Result<NodeId> NodeOf(const World& world, const PageQuestion& question, std::string_view name) {
  const std::string* text = question.Find(name);
  if (text == nullptr) return UsageError(fmt::format("the parameter {} is missing", name));
  const auto node = world.Find(*text);
  if (!node) return BadFile(fmt::format("no node named '{}' at this moment", text->substr(0, 40)));
  return *node;
}

/// Also of a node that has left: knowledge of it may have stayed.
Result<NodeId> SourceOf(const NodeNamesBook& book, const std::string& text) {
  for (std::size_t i = 0; i < book.addresses.size(); ++i)
    if (book.addresses[i] == text || (!text.empty() && book.names[i] == text))
      return static_cast<NodeId>(i);
  return BadFile(fmt::format("no node named '{}' at this moment", text.substr(0, 40)));
}

}  // namespace

PageAnswer SessionMoments::Node(const Asked& asked) {
  return WithWorld(asked, [&](const auto& world) -> PageAnswer {
    const auto node = NodeOf(world, asked.question, "node");
    if (!node) return PageRefusal(node.error());
    NodeFacts facts = NodeFactsOf(world, *node);
    const std::lock_guard lock(mutex_);
    for (const LabelCounts& labels : *labels_)
      if (labels.node == *node) facts.labels = labels;
    return {.body = NodeJson(facts, NamesOf(world))};
  });
}

PageAnswer SessionMoments::Why(const Asked& asked) {
  return WithWorld(asked, [&](const auto& world) -> PageAnswer {
    const auto node = NodeOf(world, asked.question, "node");
    if (!node) return PageRefusal(node.error());
    const NodeNamesBook book = NamesOf(world);
    std::optional<NodeId> source;
    if (const std::string* text = asked.question.Find("source")) {
      const auto found = SourceOf(book, *text);
      if (!found) return PageRefusal(found.error());
      source = *found;
    }
    const auto facts = WhyFactsOf(world, *node, source);
    if (!facts) return PageRefusal(facts.error());
    return {.body = WhyJson(*facts, book)};
  });
}

/// Labels are no part of a moment: those of now, or of before the command that runs.
PageAnswer SessionMoments::Labels(const Asked&) {
  host_.TryWork("page", [&] {
    auto labels = std::make_shared<const std::vector<LabelCounts>>(simulation_.Labels());
    const std::lock_guard lock(mutex_);
    labels_ = std::move(labels);
  });
  std::shared_ptr<const std::vector<LabelCounts>> labels;
  {
    const std::lock_guard lock(mutex_);
    labels = labels_;
  }
  return {.body = LabelsJson(*labels, simulation_.ClassNames(), Names().addresses)};
}

PageAnswer SessionMoments::Messages(const Asked& asked) {
  MomentNotes notes{.messages = std::min<std::uint64_t>(asked.Number("limit", 400), 10'000),
                    .sent = [this](MessageId id) { return marks_.SentAt(id); }};
  std::vector<MessageView> messages = FactsAt(*asked.view, asked.snapshot)->messages;
  if (const std::string* text = asked.question.Find("node")) {
    // Of that moment: another branch may have given the number to another node.
    const auto node =
        SourceOf(asked.snapshot ? NamesOf(MomentView(asked.snapshot)) : Names(), *text);
    if (!node) return PageRefusal(node.error());
    std::erase_if(messages, [&](const MessageView& view) {
      return view.message.from != *node && view.message.to != *node;
    });
  }
  const MessageList list = MessagesJson(messages, notes);
  return {.body = fmt::format(R"({{"messages":{},"left_out":{}}})", list.json, list.left_out)};
}

}  // namespace delstep
