# embed.awk: turns the page's style and script into C.
#
#   awk -f report/embed.awk report/page.css report/page.js
#
# page.css becomes const char page_css[] (report/page_impl.h). Lines lose their indent and what is
# nothing but a comment between /* and */ on lines of its own: the page is read by browsers.

FNR == 1 {
    if (open)
        print "\t\"\";\n"
    name = FILENAME
    sub(/.*\//, "", name)
    gsub(/[^a-z]/, "_", name)
    if (!open)
        print "/* Made by report/embed.awk: change the files it is made of. */\n#include \"report/page_impl.h\"\n"
    print "const char " name "[] ="
    open = 1
}

/^[ \t]*\/\*.*\*\/[ \t]*$/ || /^[ \t]*$/ { next }

{
    gsub(/^[ \t]+/, "")
    gsub(/\\/, "\\\\&")
    gsub(/"/, "\\\"")
    gsub(/\?\?/, "?\\?") # no trigraphs
    print "\t\"" $0 "\\n\""
}

END { print "\t\"\";" }
