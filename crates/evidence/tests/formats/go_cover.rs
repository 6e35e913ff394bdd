//! Go's coverprofile.

const CLEAN: &str = "mode: count\nexample.com/a/a.go:3.10,5.2 2 1\nexample.com/a/a.go:7.1,9.2 1 0\nexample.com/a/b.go:1.1,2.2 1 3\n";

hostile!(
    "go-cover",
    Text,
    CLEAN,
    crate::table::passes()
        .fact("statements", 75.0)
        .fact("lines", 75.0)
        .noted("statements")
);

cases! { "go-cover";
    a_block_twice_counts_once: "mode: set\na.go:1.1,2.2 3 0\na.go:1.1,2.2 3 5\na.go:3.1,4.2 1 0\n" => passes().fact("statements", 75.0).fact("statements_valid", 4.0).noted("repeated");
    profiles_put_together_keep_their_first_lines: "mode: set\na.go:1.1,2.2 1 1\nmode: set\nb.go:1.1,2.2 1 0\n" => passes().fact("statements", 50.0);
    an_empty_profile: "mode: set\n" => inconclusive().without("lines").noted("too_few");
    windows_drive_letters: "mode: set\nC:\\a.go:1.1,2.2 1 1\n" => passes();
    a_mode_nobody_knows: "mode: guess\na.go:1.1,2.2 1 1\n" => refused("evidence.malformed");
    a_line_of_something_else: "mode: set\nFAIL\n" => refused("evidence.malformed").place(" at 2:");
    a_negative_count: "mode: set\na.go:1.1,2.2 1 -1\n" => refused("evidence.malformed");
    a_cut_count_is_not_another_count: "mode: count\na.go:1.1,2.2 1 1" => refused("evidence.truncated");
    packages_that_did_not_build_are_missing: CLEAN => fails().exit(1).without("lines").without("statements");
    too_many_blocks: format!("mode: set\n{}", (0..100).map(|n| format!("a.go:{n}.1,2.2 1 1\n")).collect::<String>()) => refused("evidence.too_many").limits(|limits| limits.remembered = 10);
}
