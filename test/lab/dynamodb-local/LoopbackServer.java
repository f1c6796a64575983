import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local on the loopback interface only. Its own main class binds every interface and cannot be told otherwise,
 * and it reports to the vendor; this way in does neither. Runs as a source file: `java -cp … LoopbackServer.java -port N`.
 */
public class LoopbackServer {
  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer proxy = ServerRunner.createServerFromCommandLineArgs(arguments);
    for (Connector connector : serverOf(proxy).getConnectors()) ((ServerConnector) connector).setHost("127.0.0.1");
    proxy.start();
  }

  private static Server serverOf(DynamoDBProxyServer proxy) throws ReflectiveOperationException {
    var field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    return (Server) field.get(proxy);
  }
}
