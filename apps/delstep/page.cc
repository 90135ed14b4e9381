#include "apps/delstep/page.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "apps/delstep/version.h"
#include "recording/start_json.h"

namespace delstep {
namespace {

HelloFacts FactsOfProgram(const Simulation& simulation, const ServedPage::Parts& parts) {
  const Scenario& scenario = simulation.scenario();
  return {.version = Version(),
          .scenario = parts.scenario,
          .data = simulation.data().name,
          .backend = scenario.network.backend,
          .words = parts.words,
          .classes = simulation.ClassNames(),
          .parameters = simulation.parameters(),
          .goes_back = simulation.network_traits().can_snapshot,
          .area = DrawnArea(scenario)};
}

}  // namespace

std::string PageFile() {
  const char* file = std::getenv("DELSTEP_PAGE_FILE");
  return file == nullptr ? "" : file;
}

ServedPage::ServedPage(Parts parts) : parts_(std::move(parts)) { SetBind(parts_.bind); }

ServedPage::~ServedPage() { Stop(); }

void ServedPage::SetBind(std::string bind) {
  parts_.bind = bind.empty() ? std::string(kUsualPageAddress) : std::move(bind);
}

Result<void> ServedPage::Serve(int port) {
  if (served_)
    return Refused(fmt::format("the page is served on port {} already",
                               served_->server->access().place().port),
                   "page off ends it");
  Served served;
  served.page = std::make_unique<SessionPage>(SessionPage::Parts{
      .of = parts_.of, .facts = FactsOfProgram(parts_.of.simulation, parts_), .exit = parts_.exit});
  DELSTEP_ASSIGN(served.server,
                 HttpServer::Start(*served.page, served.page->hub(),
                                   {.bind = parts_.bind, .port = port, .page_file = PageFile()}));
  served.page->SetShare(served.server->access().Address(Rights::kWatch));
  served_ = std::move(served);
  serves_ = true;
  SayAddresses();
  return {};
}

std::optional<PageAddresses> ServedPage::addresses() const {
  if (!served_) return std::nullopt;
  const Access& access = served_->server->access();
  return PageAddresses{.command = access.Address(Rights::kCommand),
                       .watch = access.Address(Rights::kWatch)};
}

void ServedPage::SayAddresses() const {
  const auto [command, watch] = *addresses();
  parts_.say(fmt::format("delstep: page: {}        (may do everything)\n", command));
  parts_.say(fmt::format("delstep: to look on: {}  (may only look)\n", watch));
}

Result<std::optional<PagePlace>> ServedPage::Obey(const PageRequest& request) {
  if (request.off) {
    if (!served_) return Refused("no page is served", "page begins with one");
    EndLater();
    return std::optional<PagePlace>();
  }
  const auto port = [&] { return served_->server->access().place().port; };
  if (served_ && (!request.port || *request.port == port()))
    SayAddresses();
  else
    DELSTEP_TRY(Serve(request.port.value_or(kUsualPagePort)));
  return std::optional(PagePlace{.address = served_->server->access().place().shown,
                                 .port = static_cast<std::uint64_t>(port())});
}

/// Whoever asks may be a page, whose own command must end before its page can go. Nobody waits for
/// it: another page may have a command in the queue behind this one.
void ServedPage::EndLater() {
  served_->server->StopListening();
  endings_.emplace_back([&host = parts_.of.host, served = std::move(*served_)]() mutable {
    host.Work("closing", [] {});  // the command that asked comes to its end first
    served.page->Close();
    served.server.reset();
    served.page.reset();
  });
  served_.reset();
  serves_ = false;
  parts_.off();
}

void ServedPage::Stop() {
  if (served_) {
    served_->page->Close();  // its commands have ended when this returns, and none begins
    served_.reset();
  }
  for (std::thread& ending : endings_) ending.join();
  endings_.clear();
}

void ServedPage::Note(const Event& event) {
  if (served_) served_->page->Note(event);
}
void ServedPage::NoteCommand(const CommandDone& command) {
  if (served_) served_->page->NoteCommand(command);
}
void ServedPage::NoteResult(std::string_view client, const CommandResult& result) {
  if (served_) served_->page->NoteResult(client, result);
}

}  // namespace delstep
