#include "apps/delstep/view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "apps/delstep/page.h"
#include "page/http_server.h"
#include "page/run_page.h"

namespace delstep {

Error ViewRun(const Arguments& arguments) {
  auto page = RunPage::Open(arguments.file);
  if (!page) return std::move(page).error();
  const std::string bind =
      arguments.page_bind.empty() ? std::string(kUsualPageAddress) : arguments.page_bind;
  auto server = HttpServer::Start(**page, (*page)->hub(),
                                  {.bind = bind,
                                   .port = arguments.page_port.value_or(kUsualPagePort),
                                   .page_file = PageFile()});
  if (!server) return std::move(server).error();
  const RecordedEvents& events = (*page)->events();
  if (events.is_cut_off() && !arguments.quiet)
    fmt::print(
        stderr,
        "delstep: note: {} is cut off: the program was stopped while it wrote, and what came "
        "after is not there\n",
        events.PlaceOf(events.count()));
  fmt::print(stderr, "delstep: page: {}        ({} events of {})\n",
             (*server)->access().Address(Rights::kWatch), events.count(), arguments.file);
  std::fflush(stderr);
  // The watch of signals ends the program: there is nothing to be saved.
  for (;;) pause();
}

}  // namespace delstep
