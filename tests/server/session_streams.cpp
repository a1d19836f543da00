// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/session_streams.hpp"

#include <asio/io_context.hpp>

#include <cstdint>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace session_streams_test {

using sesame::detail::session_stream;
using sesame::detail::session_streams;
using sesame::detail::stream_reader;
using sesame::net::doorbell;

struct fixture {
  explicit fixture(std::size_t bytes = 1'000, std::size_t events = 10)
      : all(std::make_shared<session_streams>(bytes, events)) {}

  std::unique_ptr<stream_reader> reads(const std::shared_ptr<session_stream>& stream,
                                       std::optional<std::uint64_t> after = {}) {
    return std::make_unique<stream_reader>(all, stream, bell, after);
  }
  // One who comes back.
  std::unique_ptr<stream_reader> reads(const std::string& id) {
    const auto found = all->find(id);
    REQUIRE(found);
    return reads(found->stream, found->after);
  }
  static std::string text(stream_reader& from) {
    std::string all;
    auto next = from.take();
    for (const auto& one : next.events) all += from.id(one->number) + ":" + one->message + " ";
    if (!next.plain.empty()) all += "plain:" + next.plain + " ";
    if (next.opened) all += "open ";
    if (next.last) all += "last";
    return all;
  }

  asio::io_context io{1};
  doorbell bell{io.get_executor()};
  std::shared_ptr<session_streams> all;
};

TEST_CASE("an answer alone needs no stream, and is not kept") {
  fixture f;
  const auto stream = f.all->open();
  const auto reader = f.reads(stream);
  CHECK(f.text(*reader).empty());
  f.all->finish(*stream, "answer", 200);
  CHECK(f.text(*reader) == "plain:answer last");
  CHECK(!f.all->find("1-0"));
}

TEST_CASE("what comes before an answer opens the stream, and is read again from any place") {
  fixture f;
  const auto stream = f.all->open();
  {
    const auto reader = f.reads(stream);
    f.all->append(*stream, "a");
    f.all->append(*stream, "b");
    CHECK(f.text(*reader) == "1-1:a 1-2:b open ");
    CHECK(f.text(*reader) == "open ");
  }
  f.all->append(*stream, "c");
  {
    const auto reader = f.reads("1-1");
    CHECK(reader->id() == "1-1");
    CHECK(f.text(*reader) == "1-2:b 1-3:c open ");
  }
  f.all->finish(*stream, "answer", 200);
  for (int i = 0; i < 2; ++i) {
    CHECK(f.text(*f.reads("1-2")) == "1-3:c 1-4:answer open last");
    CHECK(f.text(*f.reads("1-4")) == "open last");
  }
}

TEST_CASE("a stream's events are its own") {
  fixture f;
  const auto one = f.all->open();
  const auto two = f.all->open();
  f.all->append(*one, "a");
  f.all->append(*two, "b");
  f.all->append(*f.all->own(), "c");
  CHECK(f.text(*f.reads("1-0")) == "1-1:a open ");
  CHECK(f.text(*f.reads("2-0")) == "2-1:b open ");
  CHECK(f.text(*f.reads("0-0")) == "0-1:c open ");
}

TEST_CASE("the oldest events are forgotten, by number and by size, and that is told") {
  fixture f{10, 3};
  const auto stream = f.all->open();
  for (const auto text : {"1", "2", "3", "4"}) f.all->append(*stream, text);
  CHECK(!f.all->find("1-0"));
  CHECK(f.text(*f.reads("1-1")) == "1-2:2 1-3:3 1-4:4 open ");
  f.all->append(*stream, "123456789");
  CHECK(!f.all->find("1-2"));
  CHECK(f.text(*f.reads("1-3")) == "1-4:4 1-5:123456789 open ");
  // A single one may be larger: it is kept until the next.
  f.all->append(*stream, "much more than ten");
  CHECK(f.text(*f.reads("1-5")) == "1-6:much more than ten open ");
  f.all->append(*stream, "x");
  CHECK(!f.all->find("1-5"));
}

TEST_CASE("what one stream forgets because of another is told, too, and a done one goes") {
  fixture f{1'000, 2};
  const auto one = f.all->open();
  const auto two = f.all->open();
  f.all->append(*one, "a");
  f.all->finish(*one, "answer", 200);
  CHECK(f.all->find("1-2"));
  f.all->append(*two, "b");
  CHECK(!f.all->find("1-0"));
  CHECK(f.all->find("1-1"));
  f.all->append(*two, "c");
  CHECK(!f.all->find("1-2"));
}

TEST_CASE("a connected reader gets all of it, whatever is forgotten") {
  fixture f{10, 1};
  const auto stream = f.all->open();
  const auto other = f.all->open();
  const auto reader = f.reads(stream);
  f.all->append(*stream, "a");
  f.all->append(*other, "x");
  f.all->finish(*stream, "a long, long answer", 200);
  f.all->append(*other, "y");
  CHECK(f.text(*reader) == "1-1:a 1-2:a long, long answer open last");
}

TEST_CASE("a reader that is too slow is let go without a gap") {
  fixture f{10, 100};
  const auto stream = f.all->open();
  const auto reader = f.reads(stream);
  f.all->append(*stream, "12345678");
  CHECK(f.text(*reader) == "1-1:12345678 open ");
  f.all->append(*stream, "12345678");
  f.all->append(*stream, "12345678");
  f.all->append(*stream, "x");
  CHECK(f.text(*reader) == "open last");
}

TEST_CASE("one reads a stream at a time: the last who came") {
  fixture f;
  const auto first = f.reads(f.all->own());
  first->open();
  {
    const auto second = f.reads(f.all->own());
    f.all->append(*f.all->own(), "a");
    CHECK(f.text(*first) == "open last");
    CHECK(f.text(*second) == "0-1:a open ");
  }
  CHECK(f.all->being_read());
}

TEST_CASE("a reader that is let go gets what there was, and the rest is kept") {
  fixture f;
  const auto stream = f.all->open();
  {
    const auto reader = f.reads(stream);
    f.all->append(*stream, "a");
    f.all->let_go(*stream);
    f.all->append(*stream, "b");
    CHECK(f.text(*reader) == "1-1:a open last");
  }
  // Nobody is there any more who could be.
  f.all->let_go(*stream);
  f.all->finish(*stream, "answer", 200);
  f.all->let_go(*stream);
  CHECK(f.text(*f.reads("1-1")) == "1-2:b 1-3:answer open last");
}

TEST_CASE("one that was let go before anything was said opens with an id to come back with") {
  fixture f;
  const auto stream = f.all->open();
  {
    const auto reader = f.reads(stream);
    f.all->let_go(*stream);
    CHECK(f.text(*reader) == "open last");
    CHECK(reader->id() == "1-0");
  }
  CHECK(f.all->find("1-0"));
  CHECK(!f.all->find("1-1"));
}

TEST_CASE("a request that ends without an answer ends its stream") {
  fixture f;
  const auto silent = f.all->open();
  const auto reader = f.reads(silent);
  f.all->finish(*silent, {}, 200);
  CHECK(f.text(*reader) == "last");
}

TEST_CASE("the end of all ends every reader, and keeps nothing more") {
  fixture f;
  const auto stream = f.all->open();
  const auto one = f.reads(stream);
  const auto two = f.reads(f.all->own());
  f.all->close();
  CHECK(f.text(*one) == "last");
  CHECK(f.text(*two) == "last");
  f.all->append(*stream, "a");
  CHECK(f.text(*f.reads(stream, 0)) == "last");
}

TEST_CASE("what is no id finds nothing") {
  fixture f;
  f.all->append(*f.all->own(), "a");
  for (const auto* const id : {"", "-", "0", "0-", "-0", "0-2", "1-0", " 0-0", "0-0 ", "0-+1",
                               "0x0-0", "0-99999999999999999999"})
    CHECK(!f.all->find(id));
  CHECK(f.all->find("0-0"));
  CHECK(f.all->find("0-1"));
}

}  // namespace session_streams_test
