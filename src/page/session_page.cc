#include "page/session_page.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "console/commands/command_table.h"
#include "console/commands/help.h"
#include "page/answer_json.h"
#include "page/lesson_files.h"
#include "page/prometheus.h"

namespace delstep {
namespace {

constexpr std::chrono::milliseconds kLook{50}, kWhileBusy{250};
constexpr std::size_t kNodesInText = 200, kSumsMessagesFrom = 201;

std::string ListOfStrings(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? "," : "") + JsonString(text);
  return json + ']';
}

std::string BusyJson(const std::optional<SessionHost::Busy>& busy) {
  if (!busy) return "null";
  const Session::Place& place = busy->place;
  const bool counts = place.in_repeat || place.in_run;
  return fmt::format(R"({{"client":{},"cmd":{},"seconds":{:.1f},"done":{},"of":{}}})",
                     JsonString(busy->client), JsonString(busy->command), busy->seconds,
                     counts ? std::to_string(place.number) : "null",
                     counts ? std::to_string(place.of) : "null");
}

}  // namespace

SessionPage::SessionPage(Parts parts)
    : parts_(std::move(parts)),
      moments_(parts_.of.host, parts_.of.simulation,
               {.marks = marks_, .flows = flows_, .places = places_},
               {.goes_back = parts_.facts.goes_back, .has_places = parts_.facts.area.has_value()}),
      addresses_(parts_.of.simulation),
      cycle_(parts_.of.simulation.cycle()) {
  parts_.of.host.Publish();
  marks_.Begin(parts_.of.host.Latest()->moments->present().number);
  if (parts_.facts.area)
    places_.Put(parts_.of.host.Latest()->moments->present().number, parts_.of.simulation);
  hub_.SumMessages(parts_.of.simulation.Nodes().size() >= kSumsMessagesFrom);
  hub_.PutVotes(votes_.Json());
  watch_ = std::thread([this] { Watch(); });
}

SessionPage::~SessionPage() {
  Close();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    wake_.notify_all();
  }
  watch_.join();
}

void SessionPage::SetShare(std::string address) {
  const std::lock_guard lock(mutex_);
  share_ = std::move(address);
}

void SessionPage::Note(const Event& event) {
  addresses_.Learn(event);
  restored_ |= std::holds_alternative<Restored>(event.what);
  log_.Append(event, addresses_);
  marks_.Note(event, log_.next());
  flows_.Note(event);
  if (const auto* made = std::get_if<MomentMade>(&event.what)) NoteMade(made->moment);
  if (hub_.clients() > 0) hub_.Wake();
}

void SessionPage::NoteMade(MomentNumber moment) {
  flows_.EndMoment(moment, parts_.of.simulation.Groups());
  if (parts_.facts.area) places_.Put(moment, parts_.of.simulation);
}

void SessionPage::NoteCommand(const CommandDone& command) {
  // Another branch may have given a number to another node.
  if (std::exchange(restored_, false)) addresses_ = AddressBook(parts_.of.simulation);
  Note({.at = parts_.of.simulation.now(), .cycle = cycle_, .what = command});
  // Events of a command belong to the cycle in which it began.
  cycle_ = parts_.of.simulation.cycle();
}

void SessionPage::NoteResult(std::string_view client, const CommandResult& result) {
  moments_.AfterCommand();
  hub_.SumMessages(parts_.of.simulation.Nodes().size() >= kSumsMessagesFrom);
  // Rendering costs more than many a command does: only where somebody listens.
  if (hub_.clients() > 0) hub_.PutAnswer(AnswerJson(client, result));
}

void SessionPage::Close() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  // One may have got its turn just after another was stopped.
  while (running_ > 0) {
    // What the terminal does is its own business.
    if (const auto busy = parts_.of.host.BusyNow(); busy && busy->client.starts_with("page"))
      parts_.of.host.Cancel();
    wake_.wait_for(lock, kLook);
  }
  hub_.Close();
}

void SessionPage::Watch() {
  auto told = std::chrono::steady_clock::now() - kWhileBusy;
  std::uint64_t number = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, kLook, [this] { return ended_; })) return;
    }
    parts_.of.host.CatchUp();
    const auto view = parts_.of.host.Latest();
    const auto now = std::chrono::steady_clock::now();
    const bool is_new = view->number != number;
    // Before the pages are told: they ask for curves at once.
    if (is_new) moments_.Sample();
    const bool is_due = now - told >= kWhileBusy;
    if (!is_new && !is_due) continue;
    number = view->number;
    told = now;
    TellPresent();
  }
}

void SessionPage::TellPresent() {
  const auto view = parts_.of.host.Latest();
  const Moment& present = view->moments->present();
  hub_.PutPresent(fmt::format(
      R"({{"moment":{},"branch":{},"t":{},"cycle":{},"queued":{},"nodes":{},"links":{},)"
      R"("history":{},"prompt":{},"next":{},"busy":{}}})",
      present.number, JsonString(view->moments->branch().name),
      present.at.time_since_epoch().count(), present.cycle, view->queued,
      moments_.Present()->nodes.size(), marks_.LinksVersion(present.number), view->number,
      JsonString(view->prompt), JsonString(view->next), BusyJson(parts_.of.host.BusyNow())));
}

PageAnswer SessionPage::Get(const PageQuestion& question) {
  parts_.of.host.CatchUp();
  if (auto answer = moments_.Answer(question)) return *std::move(answer);
  if (question.path == "/api/hello") return Hello(question);
  if (question.path == "/api/events") return Events(question);
  if (question.path == "/api/complete") return Complete(question);
  if (question.path == "/api/help") return Help(question);
  if (question.path == "/api/lessons") return {.body = LessonsJson()};
  if (question.path == "/api/lesson") return Lesson(question);
  if (question.path == "/api/votes") return {.body = votes_.Json()};
  if (question.path == "/metrics")
    return {.body = PrometheusText(*moments_.Present(), *parts_.of.host.Latest()->moments,
                                   hub_.clients()),
            .type = "text/plain; version=0.0.4; charset=utf-8"};
  return NoSuchPath(question.path);
}

std::vector<std::pair<std::string, std::string>> SessionPage::NodesInText() const {
  const auto view = parts_.of.host.Latest();
  std::vector<std::pair<std::string, std::string>> nodes;
  NodeNamesBook book = moments_.Names();
  for (std::size_t i = 0; i < std::min(book.addresses.size(), kNodesInText); ++i)
    nodes.emplace_back(book.addresses[i], book.names[i]);
  return nodes;
}

PageAnswer SessionPage::Hello(const PageQuestion& question) {
  HelloNow now{.rights = question.rights,
               .share = {},
               .nodes = moments_.Names(),
               .oldest_event = log_.oldest(),
               .next_event = log_.next()};
  const std::lock_guard lock(mutex_);
  if (question.rights == Rights::kCommand) now.share = share_;
  return {.body = HelloJson(parts_.facts, now)};
}

PageAnswer SessionPage::Events(const PageQuestion& question) const {
  const auto number = [&](std::string_view name, std::uint64_t usual) {
    const std::string* text = question.Find(name);
    return text == nullptr ? usual : ParseUnsigned(*text).value_or(usual);
  };
  const auto events = log_.Range({.since = number("since", 0),
                                  .events = std::min<std::uint64_t>(number("limit", 5000), 100'000),
                                  .bytes = std::size_t{8} << 20});
  return {.body = fmt::format(R"({{"first":{},"next":{},"oldest":{},"events":{}}})", events.first,
                              events.next, events.oldest, events.list)};
}

PageAnswer SessionPage::Complete(const PageQuestion& question) {
  // It tells names of files of this machine, and who only looks has no line to complete.
  if (question.rights != Rights::kCommand) return PageRefusal(403, "this address may only look on");
  const std::string* given = question.Find("line");
  const std::string line = given == nullptr ? "" : *given;
  Completion completion;
  const auto complete = [&] { completion = parts_.of.session.Complete(line); };
  if (!parts_.of.host.TryWork("page", complete)) {
    // Who is at work has the session: verbs are the same whatever happens.
    completion.begin =
        line.find_last_of(" ;") == std::string::npos ? 0 : line.find_last_of(" ;") + 1;
    for (const std::string& verb : Verbs())
      if (completion.begin == 0 && verb.starts_with(line)) completion.words.push_back(verb);
  }
  return {.body = fmt::format(R"({{"begin":{},"words":{},"hint":{}}})", completion.begin,
                              ListOfStrings(completion.words), JsonString(HintForLine(line)))};
}

PageAnswer SessionPage::Help(const PageQuestion& question) const {
  const std::string* topic = question.Find("command");
  // The values of keys that help shows are those of the start: the present ones are the session's.
  static const Scenario kUsual;
  const auto lines = HelpLines(topic == nullptr ? "" : *topic,
                               {.registry = parts_.of.registry, .scenario = kUsual, .width = 100});
  if (!lines) return PageRefusal(404, lines.error().message, lines.error().hint);
  return {.body = fmt::format(R"({{"lines":{}}})", ListOfStrings(*lines))};
}

PageAnswer SessionPage::Lesson(const PageQuestion& question) const {
  const std::string* file = question.Find("file");
  if (file == nullptr) return PageRefusal(400, "the parameter file is missing");
  const auto lesson = ReadLessonJson(*file, question.rights);
  return lesson ? PageAnswer{.body = *lesson} : PageRefusal(lesson.error());
}

}  // namespace delstep
