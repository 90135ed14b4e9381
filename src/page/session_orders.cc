// What session_page.h does for pages: commands, cancels, votes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "page/session_page.h"

namespace delstep {
namespace {

constexpr std::size_t kMostClients = 10'000;

/// The body as an object. Nothing: it is none.
std::optional<nlohmann::json> ObjectOfBody(const std::string& body) {
  auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  return json;
}

std::string TextMember(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  return found->is_string()   ? found->get<std::string>()
         : found->is_number() ? found->dump()
                              : std::string();
}

PageAnswer NoObject(std::string_view example) {
  return PageRefusal(400, "the body is no JSON object of this form", example);
}

}  // namespace

PageAnswer SessionPage::Post(const PageQuestion& question) {
  if (question.path == "/api/cmd") return RunCommands(question);
  if (question.path == "/api/cancel")
    return {.body = fmt::format(R"({{"stopped":{}}})", parts_.of.host.Cancel())};
  if (question.path == "/api/ask") return Ask(question);
  if (question.path == "/api/vote") return Vote(question);
  return NoSuchPath(question.path);
}

std::string SessionPage::ClientName(const std::string& own) {
  if (own.empty()) return "page";
  const std::lock_guard lock(mutex_);
  if (clients_.size() >= kMostClients) return "page";
  const int next = static_cast<int>(clients_.size()) + 1;
  return fmt::format("page {}", clients_.emplace(own.substr(0, 100), next).first->second);
}

/// Close() waits for those that are counted here, and none may begin after it.
class SessionPage::Running {
 public:
  explicit Running(SessionPage& page) : page_(page) {
    const std::lock_guard lock(page_.mutex_);
    runs_ = !page_.closing_;
    page_.running_ += runs_ ? 1 : 0;
  }
  ~Running() {
    const std::lock_guard lock(page_.mutex_);
    page_.running_ -= runs_ ? 1 : 0;
    page_.wake_.notify_all();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  explicit operator bool() const { return runs_; }

 private:
  SessionPage& page_;
  bool runs_ = false;
};

PageAnswer SessionPage::RunCommands(const PageQuestion& question) {
  constexpr std::string_view kForm = R"({"cmd":"train; flood"})";
  std::string commands = question.body;
  const std::string_view text = Trim(commands);
  if (text.empty()) return PageRefusal(400, "the body is empty", kForm);
  if (text.starts_with('{')) {
    const auto object = ObjectOfBody(question.body);
    const auto cmd = object ? object->find("cmd") : nlohmann::json::const_iterator();
    if (!object || cmd == object->end() || !cmd->is_string()) return NoObject(kForm);
    commands = cmd->get<std::string>();
  }
  const std::string client = ClientName(question.client);
  const Running running(*this);
  if (!running) return PageRefusal(503, "the program ends");
  const SessionHost::Answers answers = parts_.of.host.Run(client, std::move(commands));
  if (answers.exits) parts_.exit();
  std::string objects;
  for (const std::string& object : answers.objects)
    objects += (objects.empty() ? "" : ",") + object;
  return {.body = fmt::format(R"({{"ok":{},"code":{},"answers":[{}]}})", answers.code == 0,
                              answers.code, objects)};
}

PageAnswer SessionPage::Ask(const PageQuestion& question) {
  constexpr std::string_view kForm = R"({"ask":"12","question":"Who?","answers":["ann","ben"]})";
  const auto object = ObjectOfBody(question.body);
  if (!object) return NoObject(kForm);
  if (const std::string over = TextMember(*object, "end"); !over.empty()) {
    votes_.End(over);
    return TellVotes();
  }
  std::vector<std::string> answers;
  if (const auto list = object->find("answers"); list != object->end() && list->is_array())
    for (const auto& answer : *list)
      if (answer.is_string()) answers.push_back(answer.get<std::string>());
  if (const auto asked = votes_.Ask(TextMember(*object, "ask"), TextMember(*object, "question"),
                                    std::move(answers));
      !asked)
    return PageRefusal(asked.error());
  return TellVotes();
}

PageAnswer SessionPage::TellVotes() {
  // Together: else a vote that came before the end of its question could be told after it.
  const std::lock_guard lock(mutex_);
  std::string votes = votes_.Json();
  hub_.PutVotes(votes);
  return {.body = std::move(votes)};
}

PageAnswer SessionPage::Vote(const PageQuestion& question) {
  const auto object = ObjectOfBody(question.body);
  const auto choice = object ? object->find("choice") : nlohmann::json::const_iterator();
  if (!object || choice == object->end() || !choice->is_number_unsigned())
    return NoObject(R"({"ask":"12","choice":1,"voter":"random"})");
  if (const auto voted =
          votes_.Vote(TextMember(*object, "ask"), {.choice = choice->get<std::size_t>(),
                                                   .voter = TextMember(*object, "voter"),
                                                   .from = question.from});
      !voted)
    return PageRefusal(voted.error());
  return TellVotes();
}

}  // namespace delstep
