#include "apps/delstep/view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "apps/delstep/page.h"
#include "base/text.h"
#include "base/utf8.h"
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
  fmt::print(stderr, "delstep: page: {}        ({} events of {})\n",
             (*server)->access().Address(Rights::kWatch), (*page)->events(), arguments.file);
  if (const auto bytes = (*page)->cut_off(); bytes > 0)
    fmt::print(stderr,
               "delstep: the last line of {}/events.jsonl is cut off, after {}: the record may end "
               "before the run did\n",
               Printable(arguments.file), Count(bytes, "byte"));
  std::fflush(stderr);
  // The watch of signals ends the program: there is nothing to be saved.
  for (;;) pause();
}

}  // namespace delstep
