#include "console/host/session_host.h"

#include <chrono>
#include <utility>

#include "console/commands/time_runner.h"
#include "console/session/json_voice.h"

namespace delstep {
namespace {

using Clock = std::chrono::steady_clock;

/// While a script runs, what there is to look at is made anew at most so often: copying the list of
/// moments takes a while where there are many.
constexpr auto kRefreshPause = std::chrono::milliseconds(100);

}  // namespace

/// The session, from the constructor to the destructor.
class SessionHost::Turn : public Hold {
 public:
  Turn(SessionHost& host, std::string_view client) : host_(host) {
    std::unique_lock lock(host_.mutex_);
    const std::uint64_t mine = host_.asked_++;
    host_.turn_.wait(lock, [&] { return host_.given_ == mine; });
    Begin(client);
  }
  /// The same where the caller has the lock and knows that nobody has asked.
  Turn(SessionHost& host, std::string_view client, std::unique_lock<std::mutex>,
       bool in_hand = false)
      : host_(host), in_hand_(in_hand), changes_(!in_hand) {
    ++host_.asked_;
    Begin(client);
  }
  ~Turn() override {
    const bool soon = in_hand_ && Clock::now() - host_.refreshed_ < kRefreshPause;
    if (host_.publishes_ && changes_ && soon) host_.stale_ = true;
    if (host_.publishes_ && changes_ && !soon) host_.Refresh();
    const std::lock_guard lock(host_.mutex_);
    // Cancel() was meant for what ran in this turn: it must not stop what others have waiting.
    host_.session_.ForgetCancel();
    host_.busy_.reset();
    ++host_.given_;
    host_.turn_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  void Change() override { changes_ = true; }

 private:
  void Begin(std::string_view client) {
    host_.busy_.emplace(Busy{.client = std::string(client), .command = {}, .place = {}});
    host_.began_ = Clock::now();
  }
  SessionHost& host_;
  const bool in_hand_ = false;
  bool changes_ = true;
};

SessionHost::SessionHost(Session& session, const Simulation& simulation)
    : session_(session), simulation_(simulation) {
  session_.ObserveResults([this](const CommandResult& result) {
    const std::string client = Client();
    for (const ResultObserver& observer : observers_) observer(client, result);
    if (publishes_ && Clock::now() - refreshed_ > kRefreshPause) Refresh();
  });
}

void SessionHost::Work(std::string_view client, const std::function<void()>& work) {
  const Turn turn(*this, client);
  work();
}

bool SessionHost::TryWork(std::string_view client, const std::function<void()>& work) {
  std::unique_lock lock(mutex_);
  if (asked_ != given_) return false;
  const Turn turn(*this, client, std::move(lock));
  work();
  return true;
}

std::unique_ptr<SessionHost::Hold> SessionHost::TryHold(std::string_view client) {
  std::unique_lock lock(mutex_);
  if (asked_ != given_) return nullptr;
  return std::make_unique<Turn>(*this, client, std::move(lock), /*in_hand=*/true);
}

void SessionHost::WaitForOthers(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  turn_.wait_for(lock, most, [this] { return asked_ == given_; });
}

void SessionHost::CatchUp() {
  if (stale_) TryWork("page", [] {});
}

SessionHost::Answers SessionHost::Run(std::string_view client, std::string commands) {
  Answers answers;
  JsonStream stream([&](std::string_view line) {
    answers.objects.emplace_back(line.substr(0, line.find('\n')));
  });
  JsonVoice voice(stream);
  const Turn turn(*this, client);
  session_.ForgetInterrupt();  // of somebody else's command
  answers.code = session_.RunFor(voice, std::move(commands));
  answers.exits = session_.exits();
  return answers;
}

bool SessionHost::Cancel() {
  const std::lock_guard lock(mutex_);
  if (!busy_) return false;
  session_.Cancel();
  return true;
}

std::string SessionHost::Client() const {
  const std::lock_guard lock(mutex_);
  return busy_ ? busy_->client : "";
}

std::optional<SessionHost::Busy> SessionHost::BusyNow() const {
  const std::lock_guard lock(mutex_);
  if (!busy_) return {};
  Busy busy = *busy_;
  busy.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
  busy.place = session_.PlaceInRun();
  busy.command = session_.CommandInRun();
  return busy;
}

std::shared_ptr<const PresentView> SessionHost::Latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void SessionHost::Publish() {
  publishes_ = true;
  Refresh();
}

void SessionHost::ObserveResults(ResultObserver observer) {
  observers_.push_back(std::move(observer));
}

/// While having the session.
void SessionHost::Refresh() {
  const History& history = session_.history();
  auto view = std::make_shared<PresentView>();
  view->number = ++refreshes_;
  view->moments = std::make_shared<const Moments>(history.moments());
  auto kept = std::make_shared<std::map<MomentNumber, Snapshot>>();
  for (const auto& [number, moment] : history.kept())
    kept->emplace_hint(kept->end(), number, moment.snapshot);
  const auto present = kept->find(history.moments().present().number);
  if (present != kept->end()) view->snapshot = present->second;
  view->kept = std::move(kept);
  view->oldest = history.oldest();
  if (history.refusal()) view->why_not = history.refusal()->message;
  view->prompt = session_.Prompt();
  if (const auto next = NextToCome(simulation_)) view->next = next->sentence;
  view->places = Places();
  view->queued = simulation_.queued();
  refreshed_ = Clock::now();
  stale_ = false;
  const std::lock_guard lock(mutex_);
  latest_ = std::move(view);
}

/// By number; those who have left are at the origin.
std::vector<Position> SessionHost::Places() const {
  const std::vector<NodeId> nodes = simulation_.Nodes();
  const std::vector<Position> positions = simulation_.Positions(nodes);
  std::vector<Position> places(simulation_.nodes_ever());
  for (std::size_t i = 0; i < nodes.size(); ++i) places[Index(nodes[i])] = positions[i];
  return places;
}

}  // namespace delstep
