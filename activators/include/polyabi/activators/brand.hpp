// Decides which personality an image belongs to. The first of these that answers decides, and the answer says which it was:
//
//   1. explicit choice   the user named the personality
//   2. EI_OSABI          a value that a personality claims
//   3. note              an ABI-tag note (type 1) of an owner that a personality claims
//   4. interpreter       a PT_INTERP path that a personality claims
//   5. old brand         the text at e_ident[8], as old brandelf(1) wrote it
//   6. comment           the beginning of a string in .comment
//   7. text start        where the linker has put a COFF image's text
//   8. format            a personality that COFF images belong to
//   9. gate              the kernel-entry instruction in a static image without any of these marks
//  10. fallback          the personality that unmarked images are given to, if one was named
//
// An image marked for a system that nobody here claims (EI_OSABI 9 is FreeBSD) is never decided by gate or fallback.
//
// A brand "family:variant" is a vendor's variant of the personality "family". Rules first decide the personality; then rules 2
// to 8 are asked of its variants, and if none answers it is the personality itself. A choice or a fallback may name either.
#pragma once

#include <polyabi/activators/facts.hpp>

namespace polyabi::activators {

/// A personality's rules under its name: what a tool or a kernel collects.
struct named_brand {
  std::string_view name;
  architecture arch;
  const brand_rules* rules;
};

enum class brand_rule : u8 {
  none,
  explicit_choice,
  os_abi,
  note,
  interpreter,
  old_brand,
  comment,
  text_start,
  format,
  gate,
  fallback
};

struct brand_options {
  std::string_view choice{};   ///< personality named by the user; empty: decide
  std::string_view fallback{}; ///< personality for unmarked images; empty: none
};

inline constexpr usize no_brand = ~usize{0};

/// A rule that held, and on what evidence.
struct brand_finding {
  brand_rule rule = brand_rule::none;
  std::string_view reason;   ///< a sentence without evidence: "an ABI-tag note of a known owner"
  std::string_view evidence; ///< the note's owner, the path, the comment, ...; lives in the facts or the plan
  u64 number = 0;            ///< EI_OSABI, the note's system number, the text's or the gate's address
};

/// Which brand, and why.
struct brand_decision : brand_finding {
  usize index = no_brand; ///< into the brands given
  brand_finding variant;  ///< why this variant of its personality; no rule if the brand is the personality itself or was named

  constexpr explicit operator bool() const { return index != no_brand; }
};

/// "svr4" of "svr4:unixware" and of "svr4".
constexpr std::string_view family_of(std::string_view name) {
  return detail::first(name, detail::position(name, ':'));
}

/// Decides among `brands`; those of another architecture than the image's are passed over.
inline brand_decision decide_brand(const image_facts& facts, std::span<const named_brand> brands,
                                   const brand_options& options = {});

/// The same among the personalities that a kernel is linked with, in their order; at most `max_personalities` of them count.
inline constexpr usize max_personalities = 32;
template <class K>
brand_decision decide_brand(const image_facts& facts, std::span<const abi<K>* const> personalities,
                            const brand_options& options = {});

/// "EI_OSABI", "note", ...
constexpr std::string_view rule_name(brand_rule rule);

/// The system that the gABI and its registry give an EI_OSABI value to: "FreeBSD" for 9. Empty if nobody.
constexpr std::string_view os_abi_name(u8 value);

/// A system that the image is plainly marked for by EI_OSABI, an ABI-tag note or an interpreter of its own ("FreeBSD"), known
/// here or not; or empty.
inline std::string_view marked_system(const image_facts& facts);

} // namespace polyabi::activators

#include <polyabi/activators/detail/decide_brand.hpp>
