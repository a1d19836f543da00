// The lists of what a server offers: their texts, made once for each revision, and the pages they
// are given out by.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/crypto.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/service/entry.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::detail {

// The definition of an item as a list has it. What a revision does not know is left out.

void write_definition(const tool_entry& tool, const protocol::revision& wire, json::writer& out);

// A template has a brace in it, which no URI has.
void write_definition(const resource_entry& resource, const protocol::revision& wire,
                      json::writer& out);

void write_definition(const prompt_entry& prompt, const protocol::revision& wire,
                      json::writer& out);

/// One list. The places of its items never change, whatever is switched off, so a cursor is good for
/// as long as the program.
class listing {
 public:
  listing() = default;

  /// `member` is the list's name in the result. The entries must stay where they are.
  template <class Entry>
  listing(const std::vector<Entry>& entries, std::string_view member) : member_(member) {
    for (const auto& one : entries) {
      items_.push_back(&one);
      for (std::size_t i = 0; i < protocol::revisions.size(); ++i) {
        auto& [all, starts] = texts_[i];
        json::writer out{all};
        write_definition(one, protocol::revisions[i], out);
        out.raw(',');
        starts.push_back(all.size());
        if (out.failed())
          throw configuration_error(
              std::string{one.name},
              "with_meta takes the text of a JSON object, whose keys are as the "
              "specification has them, and not its own");
      }
    }
  }

  [[nodiscard]] std::string_view member() const noexcept { return member_; }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

  /// Writes the items from a place on that are switched on, `most` of them at most (0: all), as an
  /// array. Returns the place where the next page begins, if there is one. Where `shown` is given,
  /// only those are there that it shows `caller`.
  std::optional<std::size_t> write_page(std::size_t begin, std::size_t most,
                                        const protocol::revision& wire, json::writer& out,
                                        bool (*shown)(const principal* caller, const entry& item),
                                        const principal* caller) const;

  /// A place as a text that nobody else can make, and that is nothing to another list.
  [[nodiscard]] std::string seal(std::size_t place, const auth::sealer& sealer) const {
    return sealer.seal(std::to_string(place), use());
  }
  [[nodiscard]] std::optional<std::size_t> open(std::string_view cursor,
                                                const auth::sealer& sealer) const;

 private:
  [[nodiscard]] std::string use() const { return "sesame cursor 1 " + std::string{member_}; }

  // All items as a revision has them, each with a comma behind it, and where each begins; so that
  // items that stand next to each other are copied at once.
  struct prepared {
    std::string all;
    std::vector<std::size_t> starts{0};
  };

  std::string_view member_;
  std::vector<const entry*> items_;
  std::array<prepared, protocol::revisions.size()> texts_;
};

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/listing.ipp"
#endif
