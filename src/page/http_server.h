#pragma once
/// HTTP for the page: who asks is checked, what is asked goes to a PageSource, what happens comes
/// out of a StreamHub.
///
/// A pool of threads answers: 64 for streams and 32 for the rest; who has not asked yet costs none
/// (connections.h). Every answer has headers that keep the page by itself: it loads nothing from
/// elsewhere, is framed by nobody, and its address goes nowhere as a referrer.
#include <memory>
#include <string>
#include <string_view>

#include "delstep/result.h"
#include "page/access.h"
#include "page/page_source.h"
#include "page/stream_hub.h"

namespace delstep {

inline constexpr int kUsualPagePort = 8642;
inline constexpr std::string_view kUsualPageAddress = "127.0.0.1";

class HttpServer {
 public:
  struct Options {
    std::string bind{kUsualPageAddress};
    int port = kUsualPagePort;  ///< 0: any free one
    std::string page_file{};    ///< read anew for each visit, for those who write the page; ""
  };
  /// Listens from now on; source and hub outlive the server. Errors: kUnavailable for a port that
  /// is in use, or an address that is none of this machine.
  static Result<std::unique_ptr<HttpServer>> Start(PageSource& source, StreamHub& hub,
                                                   Options options);
  /// Waits for the requests that are being answered. The hub must be closed before, and what its
  /// requests wait for must end.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Nobody new is let in, and the port is free for others at once. Requests go on.
  void StopListening();

  const Access& access() const;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace delstep
