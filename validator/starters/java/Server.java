import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;

/** A key-value server. Everything is answered with 501 so far: begin at answer. */
public final class Server {
    record Answer(int status, String body) {}

    /**
     * The status and the body of the answer to one request. PUT /key with the value as its body:
     * 200. GET /key: 200 and the value, or 404. Requests come on several threads at once.
     */
    static Answer answer(String method, String key, String value) {
        return new Answer(501, method + " " + key + ": not implemented yet");
    }

    static void handle(HttpExchange exchange) throws IOException {
        String value =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
        String key = exchange.getRequestURI().getPath().substring(1);
        Answer answer = answer(exchange.getRequestMethod(), key, value);
        byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        // 0 would mean a body of unknown length, and -1 means none.
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    static String option(String[] args, String name, String otherwise) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) return args[i + 1];
        }
        return otherwise;
    }

    public static void main(String[] args) throws IOException {
        // Without it a small answer waits 40 ms for the other side.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Map<String, String> env = System.getenv();
        int port = Integer.parseInt(option(args, "--port", env.getOrDefault("PORT", "8080")));
        Path data = Path.of(option(args, "--data", env.getOrDefault("DATA_DIR", "data")));
        Files.createDirectories(data);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 128);
        server.createContext("/", Server::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println("listening on http://127.0.0.1:" + port);
    }
}
